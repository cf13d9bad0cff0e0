/** What the settings of a run say of its data, and the settings that its data decide. */
import { basename } from 'node:path';
import type { StoredPreparation } from '../../checkpoint/preparation.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { readClassNames } from '../../dataset/formats/class-names-file.ts';
import type { DataChoice } from '../../dataset/load.ts';
import { isMnist } from '../../dataset/mnist.ts';
import { normalisationValues, USUAL_NORMALISATION } from '../../dataset/normalisation.ts';
import { splitImages, usualValidationSize } from '../../dataset/split.ts';
import { fillAll, meanColour, measuredNormalisation } from '../../dataset/statistics.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { sizeOfText } from '../../value-kinds.ts';
import { type GivenSettings, inOrder, type RunSettings } from '../settings.ts';
import type { PictureReading } from './pictures.ts';

/**
 * The data that settings name.
 *
 * @throws UserError (data) if the file of the classes' names cannot be read
 */
export async function dataChoiceOf(settings: Partial<GivenSettings>): Promise<DataChoice> {
  const { dataDir, dataFormat, classes, transpose, skipBroken, imageSize, channels, fit } = settings;
  const { classNames, fileColumn, labelColumn, splitColumn } = settings;
  return {
    path: dataDir,
    format: dataFormat,
    ...{ classes, transpose, skipBroken, channels, fit },
    classNames: classNames === undefined ? undefined : await readClassNames(classNames),
    columns: { file: fileColumn, label: labelColumn, split: splitColumn },
    size: imageSize === undefined ? undefined : sizeOfText(imageSize),
  };
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
export function settingsForData(
  given: GivenSettings,
  dataset: Dataset,
): { settings: RunSettings; preparation: StoredPreparation | undefined } {
  const { givenValidation = 0, classes, classNames, lacksTest } = dataset;
  if (classNames && given.classes !== undefined && given.classes !== classes) {
    throw unsuited('classes', `${dataset.source} names its ${classes} classes`);
  }
  if (givenValidation > 0 && given.validationSize !== undefined) {
    throw unsuited('val-size', `${dataset.source} has ${givenValidation} validation images of its own`);
  }
  if (!lacksTest && given.testSize !== undefined) throw unsuited('test-size', `${dataset.source} has a test part`);
  const validationSize = given.validationSize ?? usualValidationSize(dataset);
  const reading = readingOf(given, dataset);
  const hasPreparation = reading === 'picture' || dataset.format !== 'idx';
  const isMeasured = hasPreparation || isNormalisationMeasured(given, dataset);
  const train = isMeasured ? splitImages(dataset, { ...given, validationSize }).train : new Int32Array();
  // Even if no image here has padding, pictures of another shape that are evaluated or predicted later will have.
  const fill = hasPreparation ? meanColour(dataset, train) : [];
  fillAll(dataset, fill);
  const normalisation = isNormalisationMeasured(given, dataset)
    ? stored(measuredNormalisation(dataset, train))
    : given.normalisation;
  return {
    settings: inOrder({ ...given, classes, validationSize, normalisation }),
    preparation: hasPreparation ? { as: reading, fit: given.fit ?? 'pad', fill } : undefined,
  };
}

/** Whether the normalisation is that of the training images: neither the user, nor initial weights, nor MNIST decide. */
function isNormalisationMeasured({ normalisation, init }: GivenSettings, dataset: Dataset): boolean {
  return normalisation === 'auto' || (normalisation === undefined && init === undefined && !isMnist(dataset));
}

/** A normalisation as settings hold it: the usual one is left out. */
function stored(values: readonly number[]): readonly number[] | undefined {
  return String(values) === String(normalisationValues(USUAL_NORMALISATION)) ? undefined : values;
}

/**
 * How `predict` reads pictures for a model of these images.
 *
 * @throws UserError (usage) if it is to look for digits, which are grey, and the images have colour
 */
function readingOf({ as }: GivenSettings, dataset: Dataset): PictureReading {
  const isOfDigits = isMnist(dataset) || (dataset.format === 'idx' && DIGIT_FILES.test(basename(dataset.imagesFile)));
  const reading = as ?? (isOfDigits ? 'digit' : 'picture');
  if (reading === 'picture' || dataset.channels === 1) return reading;
  throw new UserError(
    '--as digit reads grey pictures, but the images have 3 channels; add --channels 1',
    ExitCode.usage,
  );
}

/** The error about a flag that the data leave no room for. */
function unsuited(flag: string, why: string): UserError {
  return new UserError(`--${flag} has no effect: ${why}; leave it out`, ExitCode.usage);
}
