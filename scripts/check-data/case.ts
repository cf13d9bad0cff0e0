/** The data sets that write_data.py wrote, and what Python reads of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fit } from '../../src/image/prepare/preparation.ts';

/** Mean and largest difference between two arrays of levels. */
export interface Differences {
  readonly mean: number;
  readonly most: number;
}

/** What Python reads of a data set. */
export interface Expected {
  /** Count, height, width and channels of the images. */
  readonly shape: readonly [number, number, number, 1 | 3];
  /** [count, height, width, channels] */
  readonly pixels: Uint8Array;
  /** [count]: names of classes, or numbers if the classes have none. */
  readonly labels: readonly (string | number)[];
  /** In the order of the labels; null if these are numbers. */
  readonly classNames: readonly string[] | null;
  /** Number of images, the last ones, that are the data's own validation part. */
  readonly givenValidation: number;
  /** What the notices must hold. */
  readonly says: readonly string[];
  /** Differences that are allowed. */
  readonly bounds: Differences;
}

/** How a data set is read. */
export interface CaseChoice {
  /** Height and width. */
  readonly size?: readonly [number, number];
  readonly channels?: 1 | 3;
  readonly fit?: Fit;
  readonly transpose?: boolean;
  readonly classes?: number;
  readonly classNames?: readonly string[];
  readonly skipBroken?: boolean;
  readonly columns?: { readonly file?: string; readonly label?: string };
}

/** A data set: what is expected of it if it is to be read, a part of the message if it is to be refused. */
export interface Case {
  /** The format, a colon, and the layout or the fault. */
  readonly what: string;
  /** Library and version that wrote it. */
  readonly writer: string;
  readonly path: string;
  readonly part: 'train' | 'test';
  readonly choice: CaseChoice;
  readonly expected?: Expected;
  readonly sentence?: string;
}

/** The cases of a folder; paths lead into the folder. */
export function casesIn(folder: string): Case[] {
  type Stored = Omit<Case, 'expected'> & { readonly expected?: Omit<Expected, 'pixels'> & { readonly begin: number } };
  const cases: Stored[] = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
  const levels = readFileSync(join(folder, 'expected.bin'));
  return cases.map(({ expected, ...rest }) => {
    const path = join(folder, rest.path);
    if (expected === undefined) return { ...rest, path };
    const { begin, ...facts } = expected;
    const length = facts.shape.reduce((product, each) => product * each);
    return { ...rest, path, expected: { ...facts, pixels: levels.subarray(begin, begin + length) } };
  });
}
