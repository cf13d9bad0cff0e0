/** `exportModel`: writes a model for other tools, its weights alone or the network with them. */
import { basename, dirname, extname, join } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { type Exported, type ExportFacts, exportFacts } from '../../export/export-facts.ts';
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
import { modelAt, type RunPlace } from '../../run/folder/find-run.ts';
import { begin } from '../begin.ts';
import { type ModelFlags, placeOf, readModelAt } from '../named-model.ts';
import type { ExportSettings } from '../setting-types.ts';
import { EXPORT_TABLE } from '../tables.ts';
import type { Watch } from '../watch.ts';
import { pathOfExport, prepareExportPlace } from './export-place.ts';
import type { ExportHooks, NetworkFlags } from './network.ts';

/** The flags of an export. */
export interface ExportFlags extends NetworkFlags {
  readonly format?: ExportFormat;
  readonly half?: boolean;
  readonly out?: string;
  readonly overwrite?: boolean;
}

/** The flags of an export whose form is known. */
type CheckedFlags = ExportFlags & { readonly format: ExportFormat };

/** The flags that only a network has. */
const NETWORK_FLAGS = ['raw', 'keep-batch-norm', 'probabilities', 'image-size', 'normalize'] as const;

/**
 * Writes a checkpoint's model in a form that another tool reads, and proves that it answers the same. Nothing is printed.
 *
 * @param settings the flags of `resnet export` in camel case, a signal and callbacks; `format` must be given
 * @returns what `resnet export --json` prints
 * @throws UserError with one of `ExitCode`; the signal's reason, and then nothing is written
 */
export async function exportModel(settings: ExportSettings & Watch): Promise<ExportFacts> {
  const { flags: given, hooks } = begin<ExportFlags & ModelFlags>(EXPORT_TABLE, settings);
  const flags = checkExportFlags(given);
  return exportFacts(await exportAt(await placeOf(flags, hooks.notice), flags, hooks));
}

/**
 * Checks the flags against each other.
 *
 * @throws UserError (usage) if the form is missing, or a flag has no meaning for it
 */
export function checkExportFlags<Flags extends ExportFlags>(flags: Flags): Flags & CheckedFlags {
  const { format } = flags;
  if (format === undefined) {
    throw new UserError(`--format is missing: give one of ${EXPORT_FORMATS.join(', ')}`, ExitCode.usage);
  }
  if (!holdsNetwork(format)) refuseNetworkFlags(flags, format);
  return { ...flags, format };
}

/** The file or folder that an export writes. */
export function exportPath(place: RunPlace, { out, format }: CheckedFlags): string {
  return out === undefined ? besideIt(modelAt(place), format) : pathOfExport(out, format);
}

/** Exports the model at a place. */
export async function exportAt(
  place: RunPlace,
  flags: CheckedFlags & Pick<ModelFlags, 'from'>,
  hooks: ExportHooks,
): Promise<Exported> {
  const { format, half, overwrite = false } = flags;
  const path = exportPath(place, flags);
  await prepareExportPlace({ path, format, checkpoint: modelAt(place), overwrite });
  const { checkpoint, file } = await readModelAt(place, flags, hooks.notice);
  const { signal } = hooks;
  const exported = holdsNetwork(format)
    ? await (await import('./network.ts')).writeNetwork({ checkpoint, file, format, path, half }, flags, hooks)
    : await exportWeights(file, { format, path, half, signal });
  return { checkpoint, architecture: file.architecture, exported };
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
