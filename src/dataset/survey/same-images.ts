/** Finds images with equal bytes, and images that look the same. */
import { joinHashes, nearDuplicates } from '../prepare/near-duplicates.ts';
import { type PictureHashes, pictureHashes } from '../prepare/picture-hash.ts';
import type { ComparedPart, FindSame } from './duplicates.ts';
import { MINIATURE } from './inspect.ts';

/** A part with what its images are compared by. */
export interface HashedPart extends ComparedPart {
  /** Of each image; undefined if it cannot be read, and equals none. */
  readonly digests: readonly (string | undefined)[];
  /** [count, 8, 9]: grey levels; zeros, which are like none, if an image cannot be read. */
  readonly miniatures: Uint8Array;
}

/** Finds images with equal bytes. */
export function findEqual(): FindSame<HashedPart> {
  const firsts = new Map<HashedPart, Map<string, number>>();
  return (first, second, index) => {
    const digest = second.digests[index];
    if (digest === undefined) return undefined;
    const known = firsts.get(first) ?? firstsOf(first);
    firsts.set(first, known);
    const same = known.get(digest);
    return first === second && same === index ? undefined : same;
  };
}

/** The first image with each digest. */
function firstsOf({ digests }: HashedPart): Map<string, number> {
  const known = new Map<string, number>();
  for (const [index, digest] of digests.entries()) {
    if (digest !== undefined && !known.has(digest)) known.set(digest, index);
  }
  return known;
}

/** Finds images that look the same, and says whether the search came to its end. */
export interface NearSearch {
  /** Images that have one with equal bytes are left out. */
  readonly find: FindSame<HashedPart>;
  /** Whether all searches so far came to their ends; else there may be more such images. */
  readonly isComplete: () => boolean;
}

/** @param equal see `findEqual` */
export function nearSearch(equal: FindSame<HashedPart>): NearSearch {
  const hashes = new Map<HashedPart, PictureHashes>();
  const hashesOf = (part: HashedPart) => {
    const known = hashes.get(part) ?? hashed(part);
    hashes.set(part, known);
    return known;
  };
  let isComplete = true;
  let searched: { readonly first: HashedPart; readonly second: HashedPart; readonly found: Map<number, number> };
  return {
    find: (first, second, index) => {
      if (searched?.first !== first || searched.second !== second) {
        const isWithin = first === second;
        const joined = isWithin ? hashesOf(first) : joinHashes([hashesOf(first), hashesOf(second)]);
        const result = nearDuplicates(joined);
        isComplete &&= result.isComplete;
        searched = { first, second, found: firstOfPairs(result.pairs, isWithin ? undefined : first.labels.length) };
      }
      return equal(first, second, index) === undefined ? searched.found.get(index) : undefined;
    },
    isComplete: () => isComplete,
  };
}

/**
 * The first of the images that each image is paired with.
 *
 * @param pairs in no certain order
 * @param begin of two parts the number of the first one's images, which come before the others
 */
function firstOfPairs(pairs: readonly (readonly [number, number])[], begin: number | undefined): Map<number, number> {
  const found = new Map<number, number>();
  for (const [one, other] of pairs) {
    if (begin !== undefined && (one >= begin || other < begin)) continue; // both of the same part
    const index = other - (begin ?? 0);
    found.set(index, Math.min(one, found.get(index) ?? one));
  }
  return found;
}

function hashed({ miniatures, labels }: HashedPart): PictureHashes {
  const { height, width, channels } = MINIATURE;
  const kept = Int32Array.from(labels.keys());
  return pictureHashes({
    ...{ pixels: miniatures, height, width, channels, kept },
    ...{ contents: undefined, hasColour: false, broken: [] },
  });
}
