/** `resnet export`: writes a model for other tools: its weights alone, or the network with them. */
import { basename, dirname, extname, join } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { EXPORT_FORMATS, EXPORT_FORMS, type ExportFormat, holdsNetwork } from '../../export/formats.ts';
import { exportWeights } from '../../export/weights/export-weights.ts';
import { printable, printableJson } from '../../printable.ts';
import { exportedText, exportFacts } from '../../report/files/exported.ts';
import { modelAt } from '../../run/folder/find-run.ts';
import { readSoundModel } from '../../run/read-model.ts';
import { namedRun, type RunFlags } from '../named-run.ts';
import { interruptible } from '../signals.ts';
import { prepareExportFile } from './export-file.ts';

interface ExportFlags extends RunFlags {
  readonly format?: ExportFormat;
  readonly half?: boolean;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Writes a checkpoint's weights in the form that `--format` names, and prints what was written. */
export async function exportCheckpoint(flags: ExportFlags): Promise<void> {
  const { format, half, overwrite = false, json = false } = flags;
  if (format === undefined) {
    throw new UserError(`--format is missing: give one of ${EXPORT_FORMATS.join(', ')}`, ExitCode.usage);
  }
  if (holdsNetwork(format)) throw new Error('not written yet');
  const checkpoint = modelAt(await namedRun(flags));
  const path = flags.out ?? besideIt(checkpoint, format);
  await prepareExportFile(path, checkpoint, overwrite);
  const notice = (message: string) => void process.stderr.write(`${printable(message)}\n`);
  const file = await readSoundModel(checkpoint, { from: flags.from, notice });
  const kept = () => `${path} is not written`;
  const written = await interruptible(kept, (signal) => exportWeights(file, { format, path, half, signal }));
  const result = { ...written, checkpoint, architecture: file.architecture };
  process.stdout.write(json ? `${printableJson(exportFacts(result))}\n` : exportedText(result));
}

/** The checkpoint's name with the form's ending, beside it: `best.pth` in a run's folder. */
function besideIt(checkpoint: string, format: ExportFormat): string {
  const name = basename(checkpoint, extname(checkpoint));
  return join(dirname(checkpoint), name + EXPORT_FORMS[format].ending);
}
