/** Pictures of digits as people photograph and draw them: the entry point of this folder. */

import { createHash } from 'node:crypto';
import type { DatasetInMemory } from '../../../src/dataset/dataset.ts';
import { loadDataset } from '../../../src/dataset/load.ts';
import { Dice } from './dice.ts';
import { chosenDigit } from './digits.ts';
import { FORMATS } from './formats.ts';
import { SURROUNDINGS } from './kinds.ts';
import { WITHOUT_A_DIGIT } from './no-digit.ts';
import type { Draw } from './photo.ts';

/** Which digits and seeds: those by which constants are chosen, or those whose results are reported. */
export type Half = 'choosing' | 'reporting';

const DRAWINGS = { ...SURROUNDINGS, ...FORMATS, ...WITHOUT_A_DIGIT };

/** Name of a kind of pictures. */
export type Kind = keyof typeof DRAWINGS;

/** All kinds, in the order of tables. */
export const KINDS = Object.keys(DRAWINGS) as Kind[];

/** A kind's name as one word, for files and command lines. */
export function wordOf(kind: Kind): string {
  return kind.replaceAll(/\W+/g, '-');
}

/** A picture of a digit, as a file. */
export interface PictureFile {
  /** Name for the file, with its ending. */
  readonly name: string;
  readonly bytes: Buffer;
  /** The digit that was drawn by lot: part of MNIST and place in it; kinds without a digit do not show it. */
  readonly source: { readonly part: 'train' | 'test'; readonly index: number };
  /** The digit that it shows; undefined if it shows none. */
  readonly label: number | undefined;
}

/** Digits to choose by are of MNIST's training images, digits to report of its test images; so none is in both. */
const PARTS = { choosing: 'train', reporting: 'test' } as const;

const datasets: Partial<Record<Half, Promise<DatasetInMemory>>> = {};

/** One picture. The same kind, half and index give the same bytes. */
export async function pictureOf(kind: Kind, half: Half, index: number): Promise<PictureFile> {
  const dice = new Dice(seedOf(kind, half, index));
  datasets[half] ??= loadDataset(PARTS[half]);
  const dataset = await datasets[half];
  // The labels are taken in turn: each kind has equally many of each.
  const digit = await chosenDigit(dataset, index % dataset.classes, dice);
  const another = () => chosenDigit(dataset, dice.whole([0, dataset.classes - 1]), dice);
  const draw: Draw = DRAWINGS[kind];
  const picture = await draw(dice, digit, another);
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return {
    name: `${wordOf(kind)}-${String(index).padStart(3, '0')}.${info.format}`,
    bytes: data,
    source: { part: PARTS[half], index: digit.index },
    label: Object.hasOwn(WITHOUT_A_DIGIT, kind) ? undefined : digit.label,
  };
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
