/** The weights that a new run starts from: random ones by its seed, or those of a checkpoint. */

import { type Dataset, largestLabel } from '../dataset/dataset.ts';
import {
  greyNormalisation,
  isSameNormalisation,
  normalisationValues,
  USUAL_NORMALISATION,
} from '../dataset/normalisation.ts';
import { backgroundWarning } from '../dataset/sense.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { listedNames } from '../evaluation/class-names.ts';
import { modelDataOf } from '../evaluation/model-data.ts';
import { adaptWeights } from '../model/adapt-weights.ts';
import type { ModelState } from '../model/model.ts';
import { differingFields, type ModelFile } from '../model/model-file.ts';
import { checkChannels, expectedNormalisation } from '../model/model-normalisation.ts';
import { wholeWeights } from '../model/whole-weights.ts';
import { initialValues, type Parameter, parametersOf } from '../net/parameters.ts';
import { type Architecture, resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import { RandomGenerator } from '../random.ts';
import { readSoundModel } from './read-model.ts';
import { inOrder, type RunSettings, SETTINGS } from './settings.ts';

/** Number of names of classes that a message lists. */
const CLASSES_SHOWN = 5;

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
 * The state that a new run starts from. From a checkpoint it takes the weights alone: the run has a new optimizer. Where
 * the checkpoint has other classes, the head is drawn anew; where it has other channels, its first kernels are fitted.
 *
 * @param settings the run's, from which a checkpoint's normalisation may differ if none is given
 * @throws UserError (checkpoint) if `init` is faulty or has another network, (io) if it cannot be read
 * @throws UserError (usage) if the given normalisation is not that of `init`, or has other channels than the images
 */
export async function initialWeights(settings: RunSettings, run: RunNetwork, notice: Notice): Promise<InitialWeights> {
  const { init, initFrom, head, seed } = settings;
  const { architecture, parameters, data } = run;
  const given = settings.normalisation === 'auto' ? undefined : settings.normalisation;
  if (given) checkChannels(given, architecture.channels, 'the images have');
  const draw = () => initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation'));
  if (init === undefined) return { state: { values: draw(), batchesTracked: 0 }, settings, warnings: [] };
  const check = (found: Architecture) => expectArchitecture(found, run, settings);
  const file = await readSoundModel(init, { check, from: initFrom, notice });
  const { architecture: from, state: trained } = file;
  const newHead = head === 'new' || from.classes !== architecture.classes;
  const found = wholeWeights(file).values;
  const { values, changes, taken } = adaptWeights({ found, from, parameters, drawn: newHead ? draw() : undefined });
  if (changes.length > 0) notice(`${init}: ${changes.join('; ')}; ${taken} tensors taken`);
  if (!newHead) tellOtherClasses(file, data.dataset, init, notice);
  const state = { values, batchesTracked: trained.batchesTracked };
  const warnings = await backgroundWarning(data.dataset, modelDataOf(file)?.background, init);
  const isRefitted = from.channels !== architecture.channels; // then nothing is known that could contradict what is given
  if (given && isRefitted) return { state, settings, warnings };
  const expected = expectedNormalisation(file, init, given, notice);
  if (given) return { state, settings, warnings };
  const own = architecture.channels === 1 ? greyNormalisation(expected) : expected;
  if (isSameNormalisation(own, USUAL_NORMALISATION, architecture.channels)) return { state, settings, warnings };
  return { state, settings: inOrder({ ...settings, normalisation: normalisationValues(own) }), warnings };
}

/** Tells that a head is kept whose classes have other names than those of the data. */
function tellOtherClasses({ metadata }: ModelFile, { classNames }: Dataset, init: string, notice: Notice): void {
  const learned = metadata?.classNames;
  if (!metadata || !classNames || JSON.stringify(learned) === JSON.stringify(classNames)) return;
  const others = learned ? ` (${listedNames(learned, CLASSES_SHOWN)})` : '';
  notice(
    `${init}: its head is kept, which learned other classes${others} than those of the data ` +
      `(${listedNames(classNames, CLASSES_SHOWN)}); --head new draws it anew`,
  );
}

/**
 * Checks that a checkpoint's network is the run's but for its channels and its classes.
 *
 * @throws UserError (checkpoint) naming a tensor, both shapes, and the flags that make the run's network equal
 */
function expectArchitecture(found: Architecture, { architecture, data }: RunNetwork, settings: RunSettings): void {
  const adapted = settings.head === 'keep' ? ['channels'] : ['channels', 'classes'];
  const differing = differingFields(found, architecture).filter((field) => !adapted.includes(field));
  if (differing.length === 0) return;
  const describe = (each: Architecture) => differing.map((field) => `${field} ${each[field]}`).join(', ');
  throw new UserError(
    `${settings.init}: ${firstDifference(found, architecture)}: its network has ${describe(found)}, but this run's has ` +
      `${describe(architecture)}; ${adviceFor(differing, found, data.dataset)}`,
    ExitCode.checkpoint,
  );
}

/** The first tensor in which two networks differ, with both shapes, but for channels. */
function firstDifference(found: Architecture, wanted: Architecture): string {
  const ofChannels = (architecture: Architecture) => outlineOfNetwork({ ...architecture, channels: wanted.channels });
  const theirs = new Map(ofChannels(found).map(({ name, shape }) => [name, shape.join('×')]));
  for (const { name, shape } of ofChannels(wanted)) {
    const other = theirs.get(name);
    if (other === undefined) return `tensor ${name} (${shape.join('×')}) is missing`;
    if (other !== shape.join('×')) return `tensor ${name} is ${other}, but this run's is ${shape.join('×')}`;
    theirs.delete(name);
  }
  return `tensor ${[...theirs.keys()][0]} is unknown to this run's network`;
}

/** The parameters of a network; their shapes do not depend on the size of the images. */
function outlineOfNetwork(architecture: Architecture): readonly Parameter[] {
  return parametersOf(traceShapes(resNet(architecture), [architecture.channels, 1, 1]));
}

/**
 * What to do about the fields in which a checkpoint's network differs from the run's: only what can work. The classes
 * differ only with `--head keep`.
 */
function adviceFor(differing: readonly (keyof Architecture)[], found: Architecture, dataset: Dataset): string {
  const limits = differing.flatMap((field) => limitOf(field, found) ?? []);
  if (limits.length > 0) return `${limits.join(', and ')}: give another --init`;
  const give = (fields: readonly (keyof Architecture)[]) =>
    `give ${fields.map((field) => `--${field} ${found[field]}`).join(' ')}`;
  if (!differing.includes('classes')) return give(differing);
  const others = differing.filter((field) => field !== 'classes');
  const newHead = [...(others.length > 0 ? [give(others)] : []), 'leave --head keep out'].join(' and ');
  const canKeep = !dataset.classNames && largestLabel(dataset.labels) < found.classes; // data that name their classes count them
  return canKeep ? `${newHead}, or ${give(differing)}` : newHead;
}

/** Why no run of this tool can have this field of a network; undefined if its flag gives it. */
function limitOf(field: keyof Architecture, found: Architecture): string | undefined {
  const { values, flag } = SETTINGS[field];
  return values.isValid(found[field]) ? undefined : `--${flag} takes ${values.wanted} only`;
}
