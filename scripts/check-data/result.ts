/** What became of a data set that was tried. */
import type { Case } from './case.ts';

type Named = Pick<Case, 'what' | 'writer'>;

/** A data set that was to be read. */
export interface ReadResult extends Named {
  readonly kind: 'read';
  /** Number of images. */
  readonly images: number;
  /** Mean and largest difference of levels from Python's. */
  readonly mean: number;
  readonly most: number;
  /** What is not as it should be; empty if all is. */
  readonly faults: readonly string[];
}

/** A data set that was to be refused. */
export interface RefusedResult extends Named {
  readonly kind: 'refused';
  readonly exitCode: number | null;
  /** The message, in which the folder of the data sets is left out. */
  readonly message: string;
  readonly faults: readonly string[];
}

export type Result = ReadResult | RefusedResult;
