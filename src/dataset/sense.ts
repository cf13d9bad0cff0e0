/**
 * Judges whether data that are well-formed also make sense: their brightness, their labels, their background. What it
 * finds is a warning, because such data can be meant.
 */
import { printable } from '../printable.ts';
import { imagesOfClasses, unequalClasses } from './counts.ts';
import { type Dataset, imageBytes, indicesUpTo } from './dataset.ts';
import type { Labels } from './formats/found.ts';
import { piecesOf } from './pixels.ts';
import type { TrainingData } from './split.ts';

/** Whether images are dark on a light background, or light on a dark one as MNIST's are. */
export type Background = 'light' | 'dark';

/** Largest value of pixels that were stored as 0 and 1 in place of 0 and 255. */
const LARGEST_FRACTION = 1;

/** A background is light if the mean of the images' outer rows and columns is above this grey level. */
const LIGHT_ABOVE = 127;

/** Depth in pixels of the rows and columns along each edge that show the background. */
const EDGE_DEPTH = 2;

/** Number of separate ranges of classes that a warning names, and of classes with names. */
const NAMED_RANGES = 6;
const NAMED_CLASSES = 6;

/** The background of images: light if their outer two rows and columns have a mean above 127. */
export async function backgroundOf(dataset: Dataset): Promise<Background> {
  const { count, height, width, channels } = dataset;
  const edge: number[] = [];
  for (let row = 0; row < height; row++) {
    const isWholeRow = row < EDGE_DEPTH || row >= height - EDGE_DEPTH;
    for (let column = 0; column < width; column++) {
      if (!isWholeRow && column >= EDGE_DEPTH && column < width - EDGE_DEPTH) continue;
      for (let channel = 0; channel < channels; channel++) edge.push((row * width + column) * channels + channel);
    }
  }
  const offsets = Int32Array.from(edge); // [edge pixels × channels]
  // A function for each image halves the time: 25 ms for MNIST.
  const sumOf = (pixels: Uint8Array, begin: number) => {
    let sum = 0;
    for (let at = 0; at < offsets.length; at++) sum += pixels[begin + offsets[at]!]!;
    return sum;
  };
  let sum = 0;
  for await (const { pixels, rows } of piecesOf(dataset)) {
    for (const row of rows) sum += sumOf(pixels, row * imageBytes(dataset));
  }
  return sum > LIGHT_ABOVE * count * offsets.length ? 'light' : 'dark';
}

/**
 * Warnings about the training data, judged on all of them: before `--limit-train` and `--limit-val`.
 *
 * @param unequalIsKnown whether the user has already chosen how classes of unequal size count
 * @returns one line of each kind at most
 */
export async function trainingWarnings({ dataset, whole }: TrainingData, unequalIsKnown = false): Promise<string[]> {
  const { shared = [], source } = dataset;
  const twice = shared.map(({ parts, images }) => {
    return `${source}: ${images === 1 ? '1 image is' : `${images} images are`} in both ${parts}, byte for byte`;
  });
  const general = [...(await datasetWarnings(dataset)), ...twice];
  if (areAlike(dataset.labels)) return general;
  const unequal = unequalIsKnown ? [] : unequalWarning(dataset);
  return [...general, ...missingClasses(dataset, whole), ...unequal];
}

/** Warnings about one part of a data set that an evaluation takes as well as training: brightness and labels. */
export async function datasetWarnings(dataset: Dataset): Promise<string[]> {
  const { labels, imagesFile, labelsFile, classNames } = dataset;
  const warnings: string[] = [];
  const largest = await largestIfDark(dataset);
  if (largest !== undefined) {
    warnings.push(
      `${imagesFile}: no pixel is above ${LARGEST_FRACTION} (the largest value is ${largest}), so all images are black: ` +
        'pixels go from 0 to 255',
    );
  }
  if (areAlike(labels)) {
    const label = labels[0]!;
    warnings.push(`${labelsFile}: all ${labels.length} labels are ${printable(classNames?.[label] ?? `${label}`)}`);
  }
  return warnings;
}

/**
 * A warning about grey images whose background is not that of the images that a model learned from. Images whose pixels
 * are all 0 or 1 have no background to judge; `datasetWarnings` warns of them.
 *
 * @param learned background that the model learned from; undefined if it is not known
 * @param model the model's name
 */
export async function backgroundWarning(
  dataset: Dataset,
  learned: Background | undefined,
  model: string,
): Promise<string[]> {
  if (learned === undefined || dataset.channels !== 1 || (await largestIfDark(dataset)) !== undefined) return [];
  const found = await backgroundOf(dataset);
  if (found === learned) return [];
  const describe = (background: Background) => (background === 'light' ? 'dark on light' : 'light on dark');
  const images = `${dataset.imagesFile}: images are ${describe(found)}`;
  return [`${images}, but ${model} learned from ${describe(learned)}: invert the images`];
}

/** The largest value, if the values seem to be stored as 0 and 1 in place of 0 and 255; else undefined. */
async function largestIfDark(dataset: Dataset): Promise<number | undefined> {
  let largest = 0;
  for await (const { pixels } of piecesOf(dataset)) {
    if (pixels.some((value) => value > LARGEST_FRACTION)) return undefined;
    if (pixels.includes(1)) largest = 1;
  }
  return largest;
}

/** Whether all labels are the same, of more than one. */
function areAlike(labels: Labels): boolean {
  return labels.length > 1 && labels.every((label) => label === labels[0]);
}

/** A warning that names the classes without an image in training or in validation. */
function missingClasses({ labels, labelsFile, classes, classNames }: Dataset, whole: TrainingData['whole']): string[] {
  const missingIn = (indices: Int32Array) => {
    const present = new Uint8Array(classes);
    for (const index of indices) present[labels[index]!] = 1;
    return Array.from(present.keys()).filter((label) => present[label] === 0);
  };
  const [training, validation] = [missingIn(whole.train), missingIn(whole.validation)];
  const parts = [
    { part: 'training', missing: training },
    { part: 'validation', missing: validation.filter((label) => !training.includes(label)) },
  ].flatMap(({ part, missing }) =>
    missing.length === 0 ? [] : [`no ${part} image of class ${listOf(missing, classNames)}`],
  );
  return parts.length === 0 ? [] : [`${labelsFile}: ${parts.join(', ')}`];
}

/**
 * A warning where the largest class has ten times the images of the smallest one that has any, or more. The images are
 * those of the training part before any are held out of it: the split rounds the few of a small class.
 */
function unequalWarning(dataset: Dataset): string[] {
  const { count, givenValidation = 0 } = dataset;
  const unequal = unequalClasses(imagesOfClasses(dataset, indicesUpTo(count - givenValidation)));
  if (unequal === undefined) return [];
  const [most, least] = [unequal.largest, unequal.smallest].map(({ label, images }) => {
    return { name: listOf([label], dataset.classNames), images: images.toLocaleString('en') };
  });
  const counts = `class ${most!.name} has ${most!.images} images, class ${least!.name} ${least!.images}`;
  const advice = '--class-weights balanced counts them alike in training, --best-by balanced-accuracy in validation';
  return [`${dataset.labelsFile}: ${counts}: ${advice}`];
}

/** Classes as text: their names, else their numbers. */
function listOf(labels: readonly number[], classNames: readonly string[] | undefined): string {
  if (classNames === undefined) return rangesOf(labels);
  const named = labels.slice(0, NAMED_CLASSES).map((label) => printable(classNames[label]!));
  return named.join(', ') + (labels.length > NAMED_CLASSES ? ` and ${labels.length - NAMED_CLASSES} others` : '');
}

/** Ascending numbers as text: `0, 3 to 5`. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.last === number - 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  const named = ranges.slice(0, NAMED_RANGES).map(({ first, last }) => {
    return first === last ? `${first}` : `${first}${last === first + 1 ? ', ' : ' to '}${last}`;
  });
  const rest = ranges.length > NAMED_RANGES ? ' and others' : '';
  return named.join(', ') + rest;
}
