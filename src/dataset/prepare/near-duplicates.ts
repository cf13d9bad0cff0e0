/** Finds images that are nearly the same: copies that were resized, stored in another format, or a little changed. */
import {
  areAlike,
  contrastOf,
  distanceOf,
  MAX_DIFFERENCE_LEVELS,
  MIN_CONTRAST_LEVELS,
  meansOf,
  mostDifferences,
} from './alike.ts';
import { LEVELS, type PictureHashes } from './picture-hash.ts';

/** Most of 64 bits that near duplicates differ by; `MAX_DIFFERENCE_LEVELS` has what is found by it. */
const MAX_DISTANCE_BITS = 5;

/** The bits are compared in groups: images that differ by fewer bits than there are groups are equal in one. */
const BANDS = 4;

/** Two images that are nearly the same: indices, the smaller first. */
export type NearPair = readonly [one: number, other: number];

/** Where the search ends. */
export interface NearLimits {
  /** Most bits that differ, default 5; pairs with more than 3 may be missed */
  readonly maxDistance?: number;
  /** Most pairs that are returned; default 100,000 */
  readonly mostPairs?: number;
  /** Most comparisons; default 2e9, about 10 seconds */
  readonly mostComparisons?: number;
}

/**
 * Finds images that are nearly the same. Images without contrast are left out. Of images with the very same hash, each
 * is paired with the first of them alone.
 *
 * @returns the pairs in no certain order, and whether the limits let the search come to its end
 */
export function nearDuplicates(
  hashes: PictureHashes,
  limits: NearLimits = {},
): { readonly pairs: readonly NearPair[]; readonly isComplete: boolean } {
  const { maxDistance = MAX_DISTANCE_BITS, mostPairs = 100_000, mostComparisons = 2e9 } = limits;
  const pairs: NearPair[] = [];
  const distinct = distinctImages(hashes, pairs);
  const means = meansOf(hashes);
  distinct.sort((one, other) => means[one]! - means[other]!); // then those that may be alike follow one another
  const most = mostDifferences(hashes);
  const bands = bandsOf(hashes.bits, distinct);
  let comparisons = 0;
  for (let band = 0; band < BANDS; band++) {
    for (const bucket of bucketsOf(bands, band, distinct)) {
      let begin = 0;
      for (const [place, other] of bucket.entries()) {
        if (pairs.length >= mostPairs || comparisons > mostComparisons) {
          return { pairs: pairs.slice(0, mostPairs), isComplete: false };
        }
        while (means[other]! - means[bucket[begin]!]! > MAX_DIFFERENCE_LEVELS) begin++;
        comparisons += place - begin;
        for (let before = begin; before < place; before++) {
          const one = bucket[before]!;
          if (distanceOf(hashes, one, other) > maxDistance || wereCompared(bands, band, one, other)) continue;
          if (!areAlike(hashes, one, other, Math.min(most[one]!, most[other]!))) continue;
          pairs.push([Math.min(one, other), Math.max(one, other)]);
        }
      }
    }
  }
  return { pairs, isComplete: true };
}

/** Joins the hashes of several parts: the images of the second follow those of the first. */
export function joinHashes(all: readonly PictureHashes[]): PictureHashes {
  const bits = new Uint32Array(all.reduce((sum, each) => sum + each.bits.length, 0));
  const levels = new Uint8Array(all.reduce((sum, each) => sum + each.levels.length, 0));
  let [bit, level] = [0, 0];
  for (const each of all) {
    bits.set(each.bits, bit);
    levels.set(each.levels, level);
    bit += each.bits.length;
    level += each.levels.length;
  }
  return { bits, levels };
}

/** The images with contrast, of those with equal levels the first; the others are paired with it. */
function distinctImages(hashes: PictureHashes, pairs: NearPair[]): number[] {
  const { levels } = hashes;
  const first = new Map<string, number>();
  for (let index = 0; index < levels.length / LEVELS; index++) {
    const own = levels.subarray(index * LEVELS, (index + 1) * LEVELS);
    if (contrastOf(hashes, index) < MIN_CONTRAST_LEVELS) continue;
    const key = Buffer.from(own).toString('latin1');
    const equal = first.get(key);
    if (equal === undefined) first.set(key, index);
    else pairs.push([equal, index]);
  }
  return [...first.values()];
}

/**
 * The bits of each image in bands, [count, 4] of 16 bits each. The bits that differ most between the images are dealt to
 * the bands in turn, so that no band consists of bits that are the same in all.
 */
function bandsOf(bits: Uint32Array, images: readonly number[]): Uint16Array {
  const ones = new Float64Array(64);
  const bitOf = (image: number, bit: number) => (bits[2 * image + (bit >> 5)]! >>> (bit & 31)) & 1;
  for (const image of images) for (let bit = 0; bit < 64; bit++) ones[bit]! += bitOf(image, bit);
  const evenness = (bit: number) => Math.abs(ones[bit]! - images.length / 2);
  const order = Array.from({ length: 64 }, (_, bit) => bit).toSorted((one, other) => evenness(one) - evenness(other));
  const bands = new Uint16Array((bits.length / 2) * BANDS);
  for (const image of images) {
    for (const [place, bit] of order.entries()) {
      bands[image * BANDS + (place % BANDS)]! |= bitOf(image, bit) << Math.floor(place / BANDS);
    }
  }
  return bands;
}

/** Images whose bits of a band are equal, in order. */
function bucketsOf(bands: Uint16Array, band: number, images: readonly number[]): Iterable<number[]> {
  const buckets = new Map<number, number[]>();
  for (const image of images) {
    const key = bands[image * BANDS + band]!;
    const bucket = buckets.get(key);
    if (bucket === undefined) buckets.set(key, [image]);
    else bucket.push(image);
  }
  return buckets.values();
}

/** Whether two images are equal in a band before this one. */
function wereCompared(bands: Uint16Array, band: number, one: number, other: number): boolean {
  for (let before = 0; before < band; before++) {
    if (bands[one * BANDS + before] === bands[other * BANDS + before]) return true;
  }
  return false;
}
