/** The weights that a new run starts from: random ones by its seed, or those of a checkpoint. */

import { type Dataset, largestLabel } from '../dataset/dataset.ts';
import { isSameNormalisation, normalisationValues, USUAL_NORMALISATION } from '../dataset/normalisation.ts';
import { backgroundWarning } from '../dataset/sense.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { modelDataOf } from '../evaluation/model-data.ts';
import type { ModelState } from '../model/model.ts';
import { differingFields } from '../model/model-file.ts';
import { checkChannels, expectedNormalisation } from '../model/model-normalisation.ts';
import { withDecayApplied } from '../model/parameter-layout.ts';
import { initialValues, type Parameter } from '../net/parameters.ts';
import type { Architecture } from '../net/resnet.ts';
import { RandomGenerator } from '../random.ts';
import { readSoundModel } from './read-model.ts';
import { inOrder, type RunSettings, SETTINGS } from './settings.ts';

/** The network that a run trains, and its data. */
interface RunNetwork {
  readonly architecture: Architecture;
  readonly parameters: readonly Parameter[];
  readonly data: { readonly dataset: Dataset };
}

/** What a new run starts from. */
interface InitialWeights {
  readonly state: ModelState;
  /** The run's settings, with the normalisation that the weights expect. */
  readonly settings: RunSettings;
  /** What does not make sense about starting from these weights with the run's data; one line each. */
  readonly warnings: readonly string[];
}

/**
 * The state that a new run starts from. From a checkpoint it takes the weights alone: the run has a new optimizer.
 *
 * @param settings the run's, from which a checkpoint's normalisation may differ if none is given
 * @throws UserError (checkpoint) if `init` is faulty or has another network, (io) if it cannot be read
 * @throws UserError (usage) if the given normalisation is not that of `init`, or has other channels than the images
 */
export async function initialWeights(
  settings: RunSettings,
  { architecture, parameters, data }: RunNetwork,
  notice: Notice,
): Promise<InitialWeights> {
  const { init, seed } = settings;
  const given = settings.normalisation === 'auto' ? undefined : settings.normalisation;
  const { channels } = architecture;
  if (given) checkChannels(given, channels, 'the images have');
  if (init === undefined) {
    const values = initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation'));
    return { state: { values, batchesTracked: 0 }, settings, warnings: [] };
  }
  const check = (found: Architecture) => expectArchitecture(found, architecture, data.dataset, init);
  const file = await readSoundModel(init, check);
  const { values, batchesTracked, optimizer } = file.state;
  const state = { values: withDecayApplied(values, parameters, optimizer), batchesTracked };
  const expected = expectedNormalisation(file, init, given, notice);
  const warnings = backgroundWarning(data.dataset, modelDataOf(file)?.background, init);
  if (given || isSameNormalisation(expected, USUAL_NORMALISATION, channels)) return { state, settings, warnings };
  return { state, settings: inOrder({ ...settings, normalisation: normalisationValues(expected) }), warnings };
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
  const largest = largestLabel(labels);
  if (!differing.includes('classes') || largest < found.classes) return `give ${flags}`;
  return `the labels of this run's data go to ${largest}: give another --init, or its own --data-dir with ${flags}`;
}

/** Why no run of this tool can have this field of a network; undefined if its flag gives it. */
function limitOf(field: keyof Architecture, found: Architecture): string | undefined {
  const { values, flag } = SETTINGS[field];
  return values.isValid(found[field]) ? undefined : `--${flag} takes ${values.wanted} only`;
}
