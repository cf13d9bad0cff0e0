/**
 * Follows one line through a picture. The constants were chosen by measurement, on the pictures of `npm run
 * bench:pictures -- --half choosing`.
 */
import type { ImageSize } from '../size.ts';

/** Least length of a line, as a fraction of the picture's width. */
export const MIN_LENGTH_FRACTION = 0.3;
/** Distance from the line at which its pixels may lie. */
const REACH_PIXELS = 2;
/** Least fractions of the way through the picture in which a line is seen, and seen or hidden by strokes as dark. */
const MIN_SEEN_FRACTION = 0.4;
const MIN_COVERED_FRACTION = 0.8;
/** Least contrast of a line's pixels, as a fraction of their median. */
const LIKE_FRACTION = 0.4;
/** Gaps in a line that does not go through the whole picture, as a fraction of the picture's width. */
const MAX_GAP_FRACTION = 0.06;
/** How near to the edges the ends of a line are that goes through the whole picture, as a fraction of its width. */
const END_FRACTION = 0.03;

/** A dark line across a picture; rows are counted from the top. */
export interface Line {
  /** Row of its middle in each column from `first` to `last`, counted from `first`. */
  readonly rows: Int32Array;
  readonly first: number;
  readonly last: number;
  /** Whether it goes from edge to edge. */
  readonly whole: boolean;
  /** Pixels above and below its middle that belong to it. */
  readonly reach: number;
  /** How much darker it is than what it lies on, in grey levels. */
  readonly contrast: number;
}

/** What a line is seen in. */
interface LinePicture extends ImageSize {
  /** Grey levels [height, width]. */
  readonly values: Float32Array;
  /** How much darker each pixel is than what is above and below it [height, width], in grey levels. */
  readonly contrast: Float32Array;
  /** Least contrast of a line's pixels. */
  readonly least: number;
}

/**
 * Follows the line y = offset + slope · x through the picture.
 *
 * @returns undefined if too little of it is seen
 */
export function traceLine(picture: LinePicture, offset: number, slope: number): Line | undefined {
  const { values, contrast, width } = picture;
  const { rows, above, begin, end } = follow(picture, offset, slope);
  const contrastAt = (column: number) => contrast[rows[column]! * width + column]!;
  const usual = median(above.map(contrastAt));
  const seen = above.filter((column) => contrastAt(column) >= LIKE_FRACTION * usual);
  if (seen.length === 0) return undefined;
  // A stroke that crosses the line hides it, and is as dark.
  const valueAt = (column: number) => values[rows[column]! * width + column]!;
  const limit = median(seen.map(valueAt)) + usual / 4;
  const wasSeen = new Set(seen);
  const covered: number[] = [];
  for (let column = begin; column < end; column++) {
    if (wasSeen.has(column) || valueAt(column) <= limit) covered.push(column);
  }
  const whole =
    end - begin >= width / 2 &&
    seen.length >= MIN_SEEN_FRACTION * (end - begin) &&
    covered.length >= MIN_COVERED_FRACTION * (end - begin) &&
    seen[0]! - begin <= END_FRACTION * width &&
    end - 1 - seen.at(-1)! <= END_FRACTION * width;
  const [first, last] = whole ? [begin, end - 1] : longestStretch(covered, MAX_GAP_FRACTION * width);
  if (last - first < MIN_LENGTH_FRACTION * width) return undefined;
  const within = seen.filter((column) => column >= first && column <= last);
  const thickness = median(within.map((column) => thicknessAt(picture, rows[column]!, column)));
  const darkness = median(within.map(contrastAt));
  return { rows: rows.slice(first, last + 1), first, last, whole, reach: Math.ceil(thickness / 2), contrast: darkness };
}

/** A line's rows in the columns from `begin` up to `end` in which it lies in the picture, and where it may be seen. */
function follow({ contrast, least, height, width }: LinePicture, offset: number, slope: number) {
  const rows = new Int32Array(width).fill(-1);
  const above: number[] = [];
  let [begin, end] = [width, 0];
  for (let column = 0; column < width; column++) {
    const middle = Math.round(offset + slope * column);
    if (middle < 0 || middle >= height) continue;
    [begin, end] = [Math.min(begin, column), column + 1];
    rows[column] = middle;
    let strongest = least;
    for (let row = Math.max(0, middle - REACH_PIXELS); row <= Math.min(height - 1, middle + REACH_PIXELS); row++) {
      const value = contrast[row * width + column]!;
      if (value > strongest) [strongest, rows[column]] = [value, row];
    }
    if (strongest > least) above.push(column);
  }
  return { rows, above, begin, end };
}

/** Whether two lines are the same one, found in two places of its thickness. */
export function isSame(line: Line, other: Line): boolean {
  const [first, last] = [Math.max(line.first, other.first), Math.min(line.last, other.last)];
  const middle = (first + last) >> 1;
  const distance = Math.abs(line.rows[middle - line.first]! - other.rows[middle - other.first]!);
  return first <= last && distance <= line.reach + other.reach + REACH_PIXELS;
}

/** The first and the last of the longest stretch of ascending numbers between which no gap is larger. */
function longestStretch(numbers: readonly number[], largestGap: number): [number, number] {
  let longest: [number, number] = [0, 0];
  let first = numbers[0] ?? 0;
  for (const [index, number] of numbers.entries()) {
    if (index > 0 && number - numbers[index - 1]! > largestGap) first = number;
    if (number - first > longest[1] - longest[0]) longest = [first, number];
  }
  return longest;
}

/** Pixels above and below a line's middle, with the middle, that have its contrast. */
function thicknessAt({ contrast, least, height, width }: LinePicture, row: number, column: number): number {
  let [top, bottom] = [row, row];
  while (top > 0 && contrast[(top - 1) * width + column]! > least) top -= 1;
  while (bottom < height - 1 && contrast[(bottom + 1) * width + column]! > least) bottom += 1;
  return bottom - top + 1;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
