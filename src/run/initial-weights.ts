/** The weights that a new run starts from: random ones by its seed, or those of a checkpoint. */
import type { Dataset } from '../dataset/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { ModelState } from '../model/model.ts';
import { differingFields, readModelFile } from '../model/model-file.ts';
import { withDecayApplied } from '../model/parameter-layout.ts';
import { initialValues, type Parameter } from '../net/parameters.ts';
import type { Architecture } from '../net/resnet.ts';
import { RandomGenerator } from '../random.ts';
import { type RunSettings, SETTINGS } from './settings.ts';

/** The network that a run trains, and its data. */
interface RunNetwork {
  readonly architecture: Architecture;
  readonly parameters: readonly Parameter[];
  readonly data: { readonly dataset: Dataset };
}

/**
 * The state that a new run starts from. From a checkpoint it takes the weights alone: the run has a new optimizer.
 *
 * @throws UserError (checkpoint) if `init` is faulty or has another network, (io) if it cannot be read
 */
export async function initialState(
  { init, seed }: Pick<RunSettings, 'init' | 'seed'>,
  { architecture, parameters, data }: RunNetwork,
): Promise<ModelState> {
  if (init === undefined) {
    return { values: initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation')), batchesTracked: 0 };
  }
  const check = (found: Architecture) => expectArchitecture(found, architecture, data.dataset, init);
  const { values, batchesTracked, optimizer } = (await readModelFile(init, check)).state;
  return { values: withDecayApplied(values, parameters, optimizer?.deadWeightScale), batchesTracked };
}

/** @throws UserError (checkpoint) naming the flags that make the run's network equal, if there are any */
function expectArchitecture(found: Architecture, wanted: Architecture, dataset: Dataset, path: string): void {
  const differing = differingFields(found, wanted);
  if (differing.length === 0) return;
  const describe = (architecture: Architecture) =>
    differing.map((field) => `${field} ${architecture[field]}`).join(', ');
  throw new UserError(
    `${path}: its network has ${describe(found)}, but this run's has ${describe(wanted)}; ` +
      adviceFor(differing, found, dataset),
    ExitCode.checkpoint,
  );
}

/** What to do about the fields in which a checkpoint's network differs from the run's: only what can work. */
function adviceFor(differing: readonly (keyof Architecture)[], found: Architecture, { labels }: Dataset): string {
  const limits = differing.flatMap((field) => limitOf(field, found) ?? []);
  if (limits.length > 0) return `${limits.join(', and ')}: give another --init`;
  const flags = differing.map((field) => `--${field} ${found[field]}`).join(' ');
  const largest = labels.reduce((most, label) => Math.max(most, label), 0);
  if (!differing.includes('classes') || largest < found.classes) return `give ${flags}`;
  return `the labels of this run's data go to ${largest}: give another --init, or its own --data-dir with ${flags}`;
}

/** Why no run of this tool can have this field of a network; undefined if its flag gives it. */
function limitOf(field: keyof Architecture, found: Architecture): string | undefined {
  if (field === 'channels') return 'the images that resnet trains on are grey';
  const { values, flag } = SETTINGS[field];
  return values.isValid(found[field]) ? undefined : `--${flag} takes ${values.wanted} only`;
}
