/** What the settings of a run say of its data, and the settings that its data decide. */
import { basename } from 'node:path';
import type { PictureReading, StoredPreparation } from '../../checkpoint/preparation.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import type { FoundData } from '../../dataset/formats/found.ts';
import type { DataChoice } from '../../dataset/load.ts';
import { isMnist } from '../../dataset/mnist.ts';
import { normalisationValues, USUAL_NORMALISATION } from '../../dataset/normalisation.ts';
import { splitImages, usualValidationSize } from '../../dataset/split.ts';
import { fillAll, meanColour, measuredNormalisation } from '../../dataset/statistics.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { usualDataMemory } from '../../memory/limits.ts';
import { sizeOfText } from '../../value-kinds.ts';
import { type GivenSettings, inOrder, type RunSettings } from '../settings.ts';

/**
 * The data that settings name.
 *
 * @throws UserError (data) if the file of the classes' names cannot be read
 */
export async function dataChoiceOf(settings: Partial<GivenSettings>): Promise<DataChoice> {
  const { dataDir, dataFormat, classes, transpose, skipBroken, imageSize, channels, fit } = settings;
  const { classNames, fileColumn, labelColumn, splitColumn, dataMemory = usualDataMemory() } = settings;
  return {
    path: dataDir,
    format: dataFormat,
    ...{ classes, transpose, skipBroken, channels, fit },
    classNames: classNames === undefined ? undefined : await namesIn(classNames),
    columns: { file: fileColumn, label: labelColumn, split: splitColumn },
    size: imageSize === undefined ? undefined : sizeOfText(imageSize),
    memoryBytes: dataMemory,
  };
}

/** The names of classes in a file, whose reader only those need who give one. */
async function namesIn(path: string): Promise<string[]> {
  const { readClassNames } = await import('../../dataset/formats/class-names-file.ts');
  return readClassNames(path);
}

/** Data sets in IDX files whose images are digits, by the beginning of their files' names. */
const DIGIT_FILES = /^(emnist-digits|emnist-mnist|qmnist)/;

/**
 * Completes the settings of a new run by its data, and fills the images' padding: with the mean colour of the training
 * images, so that it is near 0 for the network.
 *
 * @returns the settings, and how pictures became images; undefined where that needs no word in a checkpoint
 * @throws UserError (usage) if a setting does not suit the data
 */
export async function settingsForData(
  given: GivenSettings,
  dataset: Dataset,
): Promise<{ settings: RunSettings; preparation: StoredPreparation | undefined }> {
  const { classes } = dataset;
  const validationSize = given.validationSize ?? usualValidationSize(dataset);
  const reading = readingOf(given, dataset);
  const isMeasured = isNormalisationMeasured(given, dataset);
  const train =
    isMeasured || reading !== undefined ? splitImages(dataset, { ...given, validationSize }).train : undefined;
  const preparation = reading &&
    train && { as: reading, fit: given.fit ?? 'pad', fill: await meanColour(dataset, train) };
  if (preparation) fillAll(dataset, preparation.fill);
  const normalisation = isMeasured && train ? stored(await measuredNormalisation(dataset, train)) : given.normalisation;
  return { settings: inOrder({ ...given, classes, validationSize, normalisation }), preparation };
}

/**
 * Checks settings against what is known of data before their images are read.
 *
 * @throws UserError (usage) if the data leave no room for a setting
 */
export function checkSuited(given: GivenSettings, { source, classNames, parts, format }: FoundData): void {
  if (classNames && given.classes !== undefined && given.classes !== classNames.length) {
    throw unsuited('classes', `${source} names its ${classNames.length} classes`);
  }
  if (parts.val && given.validationSize !== undefined) {
    throw unsuited('val-size', `${source} has validation images of its own`);
  }
  if (given.testSize === undefined) return;
  if (parts.test) throw unsuited('test-size', `${source} has a test part`);
  if (format === 'idx') throw unsuited('test-size', 'of IDX files no test images are held out');
}

/**
 * How pictures become images in a resumed run.
 *
 * @param saved as the checkpoint has it
 * @throws UserError (usage) if `as` asks for what the images are not
 */
export async function resumedPreparation(
  settings: Pick<RunSettings, 'as' | 'fit'>,
  dataset: Dataset,
  train: Int32Array,
  saved: StoredPreparation | undefined,
): Promise<StoredPreparation | undefined> {
  if (settings.as === undefined) return saved;
  const as = readingOf(settings, dataset);
  return as && { fit: settings.fit ?? 'pad', fill: await meanColour(dataset, train), ...saved, as };
}

/** Whether the normalisation is that of the training images: neither the user, nor initial weights, nor MNIST decide. */
function isNormalisationMeasured({ normalisation, init }: GivenSettings, dataset: Dataset): boolean {
  return normalisation === 'auto' || (normalisation === undefined && init === undefined && !isMnist(dataset));
}

/** A normalisation as settings hold it: the usual one is left out. */
function stored(values: readonly number[]): readonly number[] | undefined {
  return String(values) === String(normalisationValues(USUAL_NORMALISATION)) ? undefined : values;
}

/** How `predict` reads pictures; undefined for digits in IDX files, of which a checkpoint says nothing. */
function readingOf({ as }: Pick<RunSettings, 'as'>, dataset: Dataset): PictureReading | undefined {
  const isOfDigits = isMnist(dataset) || (dataset.format === 'idx' && DIGIT_FILES.test(basename(dataset.imagesFile)));
  const reading = as ?? (isOfDigits ? 'digit' : 'picture');
  if (reading === 'digit' && dataset.channels !== 1) {
    throw new UserError(
      '--as digit reads grey pictures, but the images have 3 channels; add --channels 1',
      ExitCode.usage,
    );
  }
  return reading === 'digit' && dataset.format === 'idx' ? undefined : reading;
}

/** The error about a flag that the data leave no room for. */
function unsuited(flag: string, why: string): UserError {
  return new UserError(`--${flag} has no effect: ${why}; leave it out`, ExitCode.usage);
}
