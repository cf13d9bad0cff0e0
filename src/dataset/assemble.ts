/** Puts the parts of a data set together: one array of images, one of labels, and what is known about both. */
import { createHash } from 'node:crypto';
import { type Contents, type Dataset, largestLabel } from './dataset.ts';
import type { FoundData, Labels } from './formats/found.ts';
import { toLabels } from './formats/labels.ts';
import type { PreparedPart } from './prepared-part.ts';
import { StreamedPixels } from './streamed-pixels.ts';

/** What else is known of a data set. */
interface Assembly {
  /**
   * Number of classes that the user gives where labels are bare numbers, above all labels: the reader checked them;
   * default: that of the format, else the largest label + 1.
   */
  readonly wantedClasses?: number | undefined;
  /** Labels of the data's own test part, whose classes count as well where the user gives no number. */
  readonly testLabels?: Labels | undefined;
  /** Whether the parts are the data's own test part; default: false. */
  readonly isTestPart?: boolean;
}

/** One data set of prepared parts, one after the other. */
export function assembled(
  found: FoundData,
  parts: readonly PreparedPart[],
  { wantedClasses, testLabels, isTestPart = false }: Assembly = {},
): Dataset {
  const [first, second] = parts;
  if (first === undefined) throw new Error('a data set without parts');
  const { part, images } = first;
  const { height, width, channels } = images;
  const { imagesFile = found.source, labelsFile = found.source, transposed = false } = part;
  const values = labelsIn(parts);
  const nameOf = namesIn(parts);
  const { classNames } = found;
  const classes =
    classNames?.length ?? wantedClasses ?? usualClasses(found, [values, ...(testLabels ? [testLabels] : [])]);
  const contents = contentsIn(parts);
  return {
    pixels: joined(parts, images, contents),
    labels: values instanceof Uint8Array ? values : toLabels(values, classes),
    count: values.length,
    ...{ height, width, channels, classes, imagesFile, labelsFile, transposed, isTestPart, nameOf },
    classNames,
    format: found.format,
    sha256: hashOf(found, parts),
    source: found.source,
    givenValidation: second?.images.kept.length ?? 0,
    // What IDX files hold has always been split without test images.
    lacksTest: !isTestPart && found.parts.test === undefined && found.format !== 'idx',
    twins: twinsIn(parts),
    digestOf: digestsIn(parts),
    contents,
    broken: parts.flatMap(({ images: { broken } }) => broken),
  };
}

/**
 * SHA-256 of images, labels and class names. Of IDX files it is their own; else the label of each image is hashed by its
 * class's name, so that another order of the classes is no other data.
 */
export function hashOf(
  { classNames }: Pick<FoundData, 'classNames'>,
  parts: readonly Pick<PreparedPart, 'part' | 'digest'>[],
): string {
  const [first] = parts;
  if (parts.length === 1 && first?.part.sha256 !== undefined) return first.part.sha256;
  const hash = createHash('sha256');
  for (const { part, digest } of parts) {
    if (digest === undefined) throw new Error('a part without a digest');
    for (const [index, label] of part.labels.entries()) {
      hash.update(`${JSON.stringify(classNames?.[label] ?? label)} ${digest.images[index] ?? 'unreadable'}\n`);
    }
    hash.update('\n');
  }
  return hash.digest('hex');
}

/** Labels of the images that could be read, part by part. */
function labelsIn(parts: readonly PreparedPart[]): Labels {
  const [first] = parts;
  if (first && parts.length === 1 && first.images.kept.length === first.part.labels.length) return first.part.labels;
  return Uint16Array.from(parts.flatMap(({ part, images }) => Array.from(images.kept, (index) => part.labels[index]!)));
}

/** Where each image comes from. */
function namesIn(parts: readonly PreparedPart[]): (index: number) => string {
  return (index) => {
    const { part, at } = placeIn(parts, index) ?? {};
    return part?.part.nameOf(at!) ?? String(index);
  };
}

/** The digest of each image; undefined if a part was not looked at. */
function digestsIn(parts: readonly PreparedPart[]): ((index: number) => string | undefined) | undefined {
  if (parts.some(({ digest }) => digest === undefined)) return undefined;
  return (index) => {
    const { part, at } = placeIn(parts, index) ?? {};
    return part?.digest?.images[at!];
  };
}

/** The part that an image of the data set comes from, and its index there; undefined if there is none. */
function placeIn(
  parts: readonly PreparedPart[],
  index: number,
): { readonly part: PreparedPart; readonly at: number } | undefined {
  let left = index;
  for (const part of parts) {
    const { kept } = part.images;
    if (left < kept.length) return { part, at: kept[left]! };
    left -= kept.length;
  }
  return undefined;
}

/** The number of classes that data have, if the user gives none. */
function usualClasses({ classes }: FoundData, labels: readonly Labels[]): number {
  return classes ?? Math.max(...labels.map((each) => largestLabel(each) + 1));
}

/** The pixels of all parts: one array if all are in memory. */
function joined(
  parts: readonly PreparedPart[],
  shape: PreparedPart['images'],
  contents: Contents | undefined,
): Dataset['pixels'] {
  const arrays = parts.flatMap(({ images: { pixels } }) => (pixels instanceof Uint8Array ? [pixels] : []));
  if (arrays.length < parts.length) {
    const streamed = parts.map(({ images: { pixels, kept } }) => ({ pixels, count: kept.length }));
    return new StreamedPixels(streamed, shape, contents);
  }
  const [first] = arrays;
  if (first && arrays.length === 1) return first;
  const whole = new Uint8Array(arrays.reduce((length, each) => length + each.length, 0));
  let end = 0;
  for (const each of arrays) {
    whole.set(each, end);
    end += each.length;
  }
  return whole;
}

/** For each image the index of the first that equals it; undefined if a part was not looked at. */
function twinsIn(parts: readonly PreparedPart[]): Int32Array | undefined {
  const firsts = new Map<string, number>();
  const twins: number[] = [];
  for (const { images, digest } of parts) {
    if (digest === undefined) return undefined;
    for (const index of images.kept) {
      const key = digest.images[index] ?? `unreadable ${twins.length}`;
      const twin = firsts.get(key) ?? twins.length;
      firsts.set(key, twin);
      twins.push(twin);
    }
  }
  return Int32Array.from(twins);
}

/** The contents of all images; undefined if no part has padding. */
function contentsIn(parts: readonly PreparedPart[]): Contents | undefined {
  if (parts.every(({ images }) => images.contents === undefined)) return undefined;
  const lists = parts.map(({ images: { contents, kept, width, height } }) => {
    return contents ?? Int32Array.from({ length: 4 * kept.length }, (_, at) => [0, 0, width, height][at % 4]!);
  });
  return Int32Array.from(lists.flatMap((each) => [...each]));
}
