/** Finds images that are the same as others, within a part and across parts. */
import type { Labels, PartName } from '../formats/found.ts';

/** The images of a part that are compared. */
export interface ComparedPart {
  readonly part: PartName;
  /** [count] */
  readonly labels: Labels;
}

/** An image of a part, and one of the same part or of another. */
export interface ImagePair {
  /** Index of the image in the first part, and of that in the second. */
  readonly indices: readonly [number, number];
  /** Whether the two have different labels. */
  readonly contradicts: boolean;
}

/** What two parts have in common, or one part has twice. */
export interface Pairing {
  /** The two parts; the same one twice for images within it. */
  readonly parts: readonly [PartName, PartName];
  /**
   * Number of images of the second part for which there is one in the first part; within a part, an earlier one.
   */
  readonly images: number;
  /** How many of them have another label than the first image that is the same. */
  readonly contradicting: number;
  /** Some of them: those that contradict come first. */
  readonly first: readonly ImagePair[];
}

/** Most pairs that are listed of two parts. */
export const LISTED_PAIRS = 10;

/**
 * For an image of the second part, the first image of the first part that is the same; undefined if there is none.
 * Within a part only an earlier image counts.
 */
export type FindSame<Part> = (first: Part, second: Part, index: number) => number | undefined;

/**
 * Pairs every part with itself and then with each later part.
 *
 * @param parts in the order train, val, test
 */
export function pairingsOf<Part extends ComparedPart>(parts: readonly Part[], find: FindSame<Part>): Pairing[] {
  const within = parts.map((part) => pairingOf(part, part, find));
  const across = parts.flatMap((first, at) => parts.slice(at + 1).map((second) => pairingOf(first, second, find)));
  return [...within, ...across];
}

function pairingOf<Part extends ComparedPart>(first: Part, second: Part, find: FindSame<Part>): Pairing {
  let [images, contradicting] = [0, 0];
  const alike: ImagePair[] = [];
  const contrary: ImagePair[] = [];
  for (const [index, label] of second.labels.entries()) {
    const same = find(first, second, index);
    if (same === undefined) continue;
    images++;
    const contradicts = first.labels[same] !== label;
    if (contradicts) contradicting++;
    const list = contradicts ? contrary : alike;
    if (list.length < LISTED_PAIRS) list.push({ indices: [same, index], contradicts });
  }
  const listed = [...contrary, ...alike].slice(0, LISTED_PAIRS);
  return { parts: [first.part, second.part], images, contradicting, first: listed };
}
