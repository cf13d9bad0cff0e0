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
function expectArchitecture(found: Architecture, wanted: Architecture, { labels }: Dataset, path: string): void {
  const differing = differingFields(found, wanted);
  if (differing.length === 0) return;
  const describe = (architecture: Architecture) =>
    differing.map((field) => `${field} ${architecture[field]}`).join(', ');
  const largest = labels.reduce((most, label) => Math.max(most, label), 0);
  const obstacles = differing.flatMap((field) => obstacleTo(field, found, largest) ?? []);
  const flags = differing.map((field) => ` --${field} ${found[field]}`).join('');
  const advice = obstacles.length === 0 ? `give${flags}` : `${obstacles.join(', and ')}: give another --init`;
  throw new UserError(
    `${path}: its network has ${describe(found)}, but this run's has ${describe(wanted)}; ${advice}`,
    ExitCode.checkpoint,
  );
}

/**
 * Why no flag can give a run this field of a network; undefined if its flag can.
 *
 * @param largest the largest label of the run's data
 */
function obstacleTo(field: keyof Architecture, found: Architecture, largest: number): string | undefined {
  if (field === 'channels') return 'the images that resnet trains on are grey';
  const { values, flag } = SETTINGS[field];
  if (!values.isValid(found[field])) return `--${flag} takes ${values.wanted} only`;
  return field === 'classes' && found.classes <= largest ? `the labels of this run's data go to ${largest}` : undefined;
}
