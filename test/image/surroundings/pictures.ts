/** Pictures of digits as people photograph and draw them: the entry point of this folder. */
import { createHash } from 'node:crypto';
import { type Dataset, imageOf, loadDataset } from '../../../src/dataset/source.ts';
import { isClear } from './clear.ts';
import { Dice } from './dice.ts';
import { figureOf } from './figure.ts';
import { DIGIT_KINDS } from './kinds.ts';

/** Which digits and seeds: those by which constants are chosen, or those whose results are reported. */
export type Half = 'choosing' | 'reporting';

/** Name of a kind of pictures. */
export type Kind = keyof typeof DIGIT_KINDS;

/** All kinds, in the order of tables. */
export const KINDS = Object.keys(DIGIT_KINDS) as Kind[];

/** A picture of a digit, as a file. */
export interface PictureFile {
  /** Name for the file, with its ending. */
  readonly name: string;
  readonly bytes: Buffer;
  /** The digit that it shows; undefined if it shows none. */
  readonly label: number | undefined;
}

/** Digits to choose by are of MNIST's training images, digits to report of its test images; so none is in both. */
const PARTS = { choosing: 'train', reporting: 'test' } as const;

const datasets: Partial<Record<Half, Dataset>> = {};

/** One picture. The same kind, half and index give the same bytes. */
export async function pictureOf(kind: Kind, half: Half, index: number): Promise<PictureFile> {
  const dice = new Dice(seedOf(kind, half, index));
  datasets[half] ??= loadDataset(PARTS[half]);
  const dataset = datasets[half];
  const digit = digitOf(dataset, index % dataset.classes, dice);
  const { data, info } = await (await DIGIT_KINDS[kind](dice, await figureOf(imageOf(dataset, digit)))).toBuffer({
    resolveWithObject: true,
  });
  const name = `${kind.replaceAll(' ', '-')}-${String(index).padStart(3, '0')}.${info.format}`;
  return { name, bytes: data, label: dataset.labels[digit]! };
}

/** The first `count` pictures of a kind. */
export async function* picturesOf(kind: Kind, half: Half, count: number): AsyncGenerator<PictureFile> {
  for (let index = 0; index < count; index++) yield pictureOf(kind, half, index);
}

/** Even seeds choose, odd ones report. */
function seedOf(kind: Kind, half: Half, index: number): number {
  const hash = createHash('sha256').update(`${kind} ${index}`).digest().readUInt32BE();
  return ((hash & ~1) | (half === 'reporting' ? 1 : 0)) >>> 0;
}

/** A clear digit of this label; with the labels taken in turn, each kind has equally many of each. */
function digitOf(dataset: Dataset, label: number, dice: Dice): number {
  const { labels, count } = dataset;
  for (let at = dice.whole([0, count - 1]); ; at = (at + 1) % count) {
    if (labels[at] === label && isClear(imageOf(dataset, at))) return at;
  }
}
