/** Tells by their names which arrays of a data set hold the images and the labels of which part. */
import { dataFault } from '../files.ts';
import type { LeftOut, PartName } from '../found.ts';
import { partOf, shown } from '../names.ts';

/** What an array holds. */
type Kind = 'images' | 'labels';

/** The words by which arrays say what they hold: MedMNIST's, Keras's, and what others write instead. */
const KINDS: Readonly<Record<string, Kind>> = {
  images: 'images',
  image: 'images',
  imgs: 'images',
  img: 'images',
  data: 'images',
  x: 'images',
  labels: 'labels',
  label: 'labels',
  targets: 'labels',
  target: 'labels',
  y: 'labels',
};

/** The two arrays of a part. */
export interface ArrayPair {
  readonly images: string;
  readonly labels: string;
}

/** The parts that names of arrays announce. */
export interface NamedParts {
  readonly train: ArrayPair;
  readonly val?: ArrayPair;
  readonly test?: ArrayPair;
  readonly notices: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** What a name says: `x_train`, `train_images`, `Test-Labels`, or `images` alone, which is the part to train on. */
function meaningOf(name: string): { part: PartName; kind: Kind } | undefined {
  const words = name.toLowerCase().split(/[-_. ]/);
  if (words.length > 2) return undefined;
  const kinds = words.flatMap((word) => (Object.hasOwn(KINDS, word) ? [KINDS[word]!] : []));
  const parts = words.flatMap((word) => partOf(word) ?? []);
  const [kind, part = 'train'] = [kinds[0], parts[0]];
  return kind === undefined || kinds.length + parts.length !== words.length || kinds.length !== 1
    ? undefined
    : { part, kind };
}

/** Whether the arrays of these names are a data set: there are images and labels to train on. */
export function announceTraining(names: readonly string[]): boolean {
  const found = names.map(meaningOf).filter((meaning) => meaning?.part === 'train');
  return found.some((meaning) => meaning?.kind === 'images') && found.some((meaning) => meaning?.kind === 'labels');
}

/**
 * Finds the arrays of each part.
 *
 * @param names of all arrays
 * @param source the data, for messages
 * @throws UserError (data) if there are no images or no labels to train on, or two arrays for one thing
 */
export function namedParts(names: readonly string[], source: string): NamedParts {
  const found = new Map<string, string>();
  for (const name of names) {
    const meaning = meaningOf(name);
    if (meaning === undefined) continue;
    const key = `${meaning.part} ${meaning.kind}`;
    const other = found.get(key);
    if (other !== undefined) {
      const what = `${meaning.kind} of the part ${meaning.part}`;
      throw dataFault(source, `both ${other} and ${name} are ${what}; remove or rename one`);
    }
    found.set(key, name);
  }
  const pairOf = (part: PartName): Partial<ArrayPair> => {
    const [images, labels] = [found.get(`${part} images`), found.get(`${part} labels`)];
    return { ...(images !== undefined && { images }), ...(labels !== undefined && { labels }) };
  };
  const train = pairOf('train');
  if (!isWhole(train)) throw lacking(train, names, source);
  const [val, test] = [pairOf('val'), pairOf('test')];
  const others = names.filter((name) => meaningOf(name) === undefined).length;
  return {
    train,
    ...(isWhole(val) && { val }),
    ...(isWhole(test) && { test }),
    notices: [val, test].flatMap((pair) => aloneNotice(pair)),
    leftOut: others === 0 ? [] : [{ what: 'arrays of other names', count: others }],
  };
}

function isWhole(pair: Partial<ArrayPair>): pair is ArrayPair {
  return pair.images !== undefined && pair.labels !== undefined;
}

/** What is said of images without labels, or labels without images. */
function aloneNotice(pair: Partial<ArrayPair>): string[] {
  if (isWhole(pair)) return [];
  if (pair.images !== undefined) return [`${pair.images} has no labels beside it: it is not used`];
  return pair.labels === undefined ? [] : [`${pair.labels} has no images beside it: it is not used`];
}

function lacking(train: Partial<ArrayPair>, names: readonly string[], source: string) {
  const what = train.images === undefined ? 'images' : 'labels';
  const expected = 'train_images and train_labels, or x_train and y_train';
  return dataFault(
    source,
    `holds no ${what} to train on, but ${shown(names) || 'nothing'}; name the arrays ${expected}`,
  );
}
