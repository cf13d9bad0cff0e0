/** `resnet export`: writes a model for other tools: its weights alone, or the network with them. */
import { basename, dirname, extname, join } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import {
  EXPORT_FORMATS,
  EXPORT_FORMS,
  type ExportFormat,
  holdsNetwork,
  NETWORK_FORMATS,
  type WeightsFormat,
} from '../../export/formats.ts';
import { exportWeights } from '../../export/weights/export-weights.ts';
import { choicesText } from '../../flags/help-text.ts';
import { printable, printableJson } from '../../printable.ts';
import { exportedText, exportFacts } from '../../report/files/exported.ts';
import { modelAt } from '../../run/folder/find-run.ts';
import { readSoundModel } from '../../run/read-model.ts';
import { LiveLine } from '../live-line.ts';
import { namedRun, type RunFlags } from '../named-run.ts';
import { interruptible } from '../signals.ts';
import { pathOfExport, prepareExportPlace } from './export-place.ts';
import type { NetworkFlags } from './network.ts';

interface ExportFlags extends RunFlags, NetworkFlags {
  readonly format?: ExportFormat;
  readonly half?: boolean;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** The flags that only a network has. */
const NETWORK_FLAGS = ['raw', 'keep-batch-norm', 'probabilities', 'image-size', 'normalize'] as const;

/** Writes a checkpoint's model in the form that `--format` names, and prints what was written. */
export async function exportCheckpoint(flags: ExportFlags): Promise<void> {
  const { format, half, overwrite = false, json = false } = flags;
  if (format === undefined) {
    throw new UserError(`--format is missing: give one of ${EXPORT_FORMATS.join(', ')}`, ExitCode.usage);
  }
  if (!holdsNetwork(format)) refuseNetworkFlags(flags, format);
  const checkpoint = modelAt(await namedRun(flags));
  const path = flags.out === undefined ? besideIt(checkpoint, format) : pathOfExport(flags.out, format);
  await prepareExportPlace({ path, format, checkpoint, overwrite });
  const live = await LiveLine.start('reading the checkpoint');
  try {
    const notice = (message: string) => live.note(`${printable(message)}\n`);
    const file = await readSoundModel(checkpoint, { from: flags.from, notice });
    const exported = holdsNetwork(format)
      ? await (await import('./network.ts')).writeNetwork({ checkpoint, file, format, path, half }, flags, live)
      : await interruptible(
          () => `${path} is not written`,
          (signal) => exportWeights(file, { format, path, half, signal }),
        );
    const result = { checkpoint, architecture: file.architecture, exported };
    live.print(json ? `${printableJson(exportFacts(result))}\n` : exportedText(result));
  } finally {
    live.stop();
  }
}

/** @throws UserError (usage) naming a flag that has no meaning for weights alone */
function refuseNetworkFlags(flags: NetworkFlags, format: WeightsFormat): void {
  const given = NETWORK_FLAGS.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (given === undefined) return;
  const problem = `--${given} has no meaning with --format ${format}, which holds the weights alone`;
  throw new UserError(`${problem}: leave it out, or give --format ${choicesText(NETWORK_FORMATS)}`, ExitCode.usage);
}

/** The checkpoint's name with the form's ending, beside it: `best.pth` in a run's folder. */
function besideIt(checkpoint: string, format: ExportFormat): string {
  const name = basename(checkpoint, extname(checkpoint));
  return join(dirname(checkpoint), name + EXPORT_FORMS[format].ending);
}
