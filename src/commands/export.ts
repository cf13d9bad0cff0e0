/** `resnet export`: writes a model for other tools, and prints what was written. */
import { checkExportFlags, type ExportFlags, exportAt, exportPath } from '../api/export/export-model.ts';
import { exportFacts } from '../export/export-facts.ts';
import { printableJson } from '../printable.ts';
import { exportedText } from '../report/files/exported.ts';
import { LiveLine } from './live-line.ts';
import { namedRun, type RunFlags } from './named-run.ts';
import { openWithNotice } from './open-runtime.ts';
import { interruptible } from './signals.ts';
import { hooksOn } from './watch.ts';

interface PrintedExportFlags extends RunFlags, ExportFlags {
  readonly json?: boolean;
  readonly yes?: boolean;
}

/** Writes a checkpoint's model in the form that `--format` names. */
export async function exportCheckpoint(given: PrintedExportFlags): Promise<void> {
  const flags = checkExportFlags(given);
  const place = await namedRun(flags);
  const live = await LiveLine.start('reading the checkpoint');
  try {
    const exported = await interruptible(
      () => `${exportPath(place, flags)} is not written`,
      (signal) =>
        exportAt(place, flags, {
          ...hooksOn(live, signal),
          open: (choice) => openWithNotice({ ...choice, yes: flags.yes }, live),
          onStage: (stage) => live.update(stage),
        }),
    );
    live.print(flags.json ? `${printableJson(exportFacts(exported))}\n` : exportedText(exported));
  } finally {
    live.stop();
  }
}
