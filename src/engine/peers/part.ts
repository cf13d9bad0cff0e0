/** The part of a batch that one of several workers takes. */
import { CHANGE_SIZES, type ImageChanges } from '../../dataset/augmentation.ts';

/** A part of a batch: images `begin` to `end`, without the last, of `whole`. */
export interface Part {
  readonly begin: number;
  readonly end: number;
  readonly whole: number;
}

/** The part of a worker. The sizes of all parts differ by one image at most; parts of fewer images than workers are empty. */
export function partOf(whole: number, { rank, count }: { readonly rank: number; readonly count: number }): Part {
  const border = (index: number) => Math.floor((index * whole) / count);
  return { begin: border(rank), end: border(rank + 1), whole };
}

/** The changes of a part's images. */
export function changesOf(changes: ImageChanges | undefined, { begin, end }: Part): ImageChanges | undefined {
  if (changes === undefined) return undefined;
  const names = Object.keys(CHANGE_SIZES) as (keyof typeof CHANGE_SIZES)[];
  const cut = names.map((name) => [
    name,
    changes[name]?.subarray(begin * CHANGE_SIZES[name], end * CHANGE_SIZES[name]),
  ]);
  return Object.fromEntries(cut.filter(([, numbers]) => numbers !== undefined));
}
