/** Finds the long, thin, straight lines of a picture: those of ruled and squared paper, margins and edges. */
import { Levels } from './levels.ts';
import { transposed, uprightClosing } from './morphology.ts';
import type { ImageSize } from './size.ts';

/** Least side of a picture in which lines are sought, in pixels: in a smaller one a digit's stroke is as long. */
const MIN_SIDE_PIXELS = 96;
/** Least fraction of a picture that is light for dark lines to be sought in it, or dark for light ones. */
const MIN_GROUND_FRACTION = 0.2;
/** Side of the window that a line is thinner than, as a fraction of the picture's shorter side. */
const WINDOW_FRACTION = 0.03;
/** Least contrast of a line, in grey levels and in standard deviations of the noise. */
const MIN_CONTRAST = { levels: 5, deviations: 4 } as const;
/** Largest slope of a line against the picture's edges, in degrees, and the steps in which slopes are tried. */
const SLOPES = { most: 12, coarse: 0.5, fine: 0.125 } as const;
/** Distance from the line at which its pixels may lie. */
const REACH_PIXELS = 2;
/** Least fractions of the way through the picture in which a line is seen, and seen or hidden by strokes as dark. */
const MIN_SEEN_FRACTION = 0.4;
const MIN_COVERED_FRACTION = 0.8;
/** Least length of lines that do not go through the whole picture, as a fraction of its width, and their least number. */
const PARALLELS = { length: 0.3, count: 3 } as const;
/** Least contrast of a line's pixels as a fraction of their median, and of parallel lines as a fraction of the darkest. */
const LIKE_FRACTION = 0.4;
/** Gaps in a line that does not go through the whole picture, as a fraction of the picture's width. */
const MAX_GAP_FRACTION = 0.06;
/** How near to the edges the ends of a line are that goes through the whole picture, as a fraction of its width. */
const END_FRACTION = 0.03;
/** Most points from which the slope is found. */
const MAX_POINTS = 8000;
/** A stroke has more than this many times the line's contrast. */
const STROKE_CONTRASTS = 1.6;
/** Columns to each side among which the lightest level is the paper's. */
const PAPER_REACH_PIXELS = 8;
/** Number of pixels from which noise is measured. */
const NOISE_PIXELS = 16_384;
/** Most rounds of search; all lines of a round are parallel. */
const MAX_ROUNDS = 3;

/** A dark line across a picture; rows are counted from the top. */
interface Line {
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

/**
 * The picture without its long, thin, straight lines: each becomes what lies on its two sides, so that a stroke that
 * crosses it stays whole. A stroke that is much darker than a line is kept as it is.
 *
 * @param values grey levels [height, width], 0 to 255; dark and light lines are removed
 */
export function withoutLines(values: Float32Array, size: ImageSize): Float32Array {
  if (Math.min(size.height, size.width) < MIN_SIDE_PIXELS) return values;
  const turned = { height: size.width, width: size.height };
  const levels = new Levels(values);
  const { dark, light } = levels.split();
  let result = values;
  for (const ground of [light, dark]) {
    if (levels.count(ground) >= MIN_GROUND_FRACTION * values.length) {
      result = withoutLevelLines(result, size);
      result = transposed(withoutLevelLines(transposed(result, size), turned), turned);
    }
    result = result.map((level) => 255 - level);
  }
  return result;
}

/** The picture without its dark lines that are level, more or less. */
function withoutLevelLines(values: Float32Array, size: ImageSize): Float32Array {
  let result = values;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const lines = levelLines(result, size);
    if (lines.length === 0) break;
    result = Float32Array.from(result);
    for (const line of lines) erase(result, size, line);
  }
  return result;
}

/** The dark lines of the slope that most of them have. */
function levelLines(values: Float32Array, size: ImageSize): Line[] {
  const { width } = size;
  const window = 2 * Math.round((WINDOW_FRACTION * Math.min(size.height, width)) / 2) + 1;
  const contrast = uprightClosing(values, size, window); // [height, width]: contrast of what is thin and level
  for (let index = 0; index < contrast.length; index++) contrast[index]! -= values[index]!;
  const least = leastContrast(contrast);
  const points = pointsAbove(contrast, least);
  if (points.length < PARALLELS.length * width) return [];
  const { slope, counts, origin } = commonSlope(points, size);
  const peaks: { bin: number; count: number }[] = [];
  for (let bin = 1; bin < counts.length - 1; bin++) {
    const count = counts[bin - 1]! + counts[bin]! + counts[bin + 1]!;
    const isPeak = counts[bin]! > counts[bin - 1]! && counts[bin]! >= counts[bin + 1]!;
    if (isPeak && count >= PARALLELS.length * width) peaks.push({ bin, count });
  }
  const lines: Line[] = [];
  for (const { bin } of peaks.sort((a, b) => b.count - a.count)) {
    const line = trace(values, contrast, size, bin - origin, slope, least);
    if (line && !lines.some((other) => isSame(line, other))) lines.push(line);
  }
  const darkest = lines.reduce((most, line) => Math.max(most, line.contrast), 0);
  const whole = lines.filter((line) => line.whole);
  const partial = lines.filter((line) => !line.whole && line.contrast >= LIKE_FRACTION * darkest);
  return partial.length >= PARALLELS.count ? [...whole, ...partial] : whole;
}

/** Least contrast of a line's pixels. */
function leastContrast(contrast: Float32Array): number {
  const levels = new Levels(contrast, Math.ceil(contrast.length / NOISE_PIXELS));
  const usual = levels.quantile(0.5);
  return Math.max(MIN_CONTRAST.levels, usual + MIN_CONTRAST.deviations * levels.deviationAround(usual));
}

/** Indices of the pixels whose value is larger. */
function pointsAbove(values: Float32Array, least: number): Int32Array {
  const points = new Int32Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index++) if (values[index]! > least) points[count++] = index;
  return points.subarray(0, count);
}

/** Points by the offset of the line of a slope that they lie on: of offset o, `counts[o + origin]`. */
interface Offsets {
  readonly slope: number;
  readonly counts: Int32Array;
  readonly origin: number;
}

/** The slope along which the points lie on the fewest and fullest lines (a Hough transform), found in two passes. */
function commonSlope(points: Int32Array, size: ImageSize): Offsets {
  const places = placesOf(points, size.width);
  let [best, bestScore] = [0, -1];
  const tryDegrees = (from: number, to: number, step: number) => {
    for (let degrees = from; degrees <= to; degrees += step) {
      const { counts } = offsetsOf(places, size, degrees, Math.ceil(points.length / MAX_POINTS));
      let score = 0;
      for (let bin = 1; bin < counts.length; bin++) score += (counts[bin - 1]! + counts[bin]!) ** 2;
      if (score > bestScore) [best, bestScore] = [degrees, score];
    }
  };
  tryDegrees(-SLOPES.most, SLOPES.most, SLOPES.coarse);
  tryDegrees(best - SLOPES.coarse + SLOPES.fine, best + SLOPES.coarse - SLOPES.fine, SLOPES.fine);
  return offsetsOf(places, size, best, 1);
}

/** Rows and columns of points, one after the other. */
function placesOf(points: Int32Array, width: number): Int32Array {
  const places = new Int32Array(2 * points.length);
  for (let index = 0; index < points.length; index++) {
    const row = Math.floor(points[index]! / width);
    places[2 * index] = row;
    places[2 * index + 1] = points[index]! - row * width;
  }
  return places;
}

/** Points by their offsets; of many, every `stride`th. */
function offsetsOf(places: Int32Array, { height, width }: ImageSize, degrees: number, stride: number): Offsets {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const origin = Math.ceil(width * Math.tan(((SLOPES.most + SLOPES.coarse) * Math.PI) / 180));
  const counts = new Int32Array(height + 2 * origin + 1);
  const shift = origin + 0.5; // rounds to the nearest
  for (let index = 0; index < places.length; index += 2 * stride) {
    counts[(places[index]! - slope * places[index + 1]! + shift) | 0]! += 1;
  }
  return { slope, counts, origin };
}

/** Follows a line through the picture; undefined if too little of it is seen. */
function trace(values: Float32Array, contrast: Float32Array, { height, width }: ImageSize, offset: number, slope: number, least: number): Line | undefined {
  const rows = new Int32Array(width).fill(-1);
  const above: number[] = [];
  let [begin, end] = [width, 0]; // the columns in which the line lies in the picture
  for (let column = 0; column < width; column++) {
    const middle = Math.round(offset + slope * column);
    if (middle < 0 || middle >= height) continue;
    [begin, end] = [Math.min(begin, column), column + 1];
    rows[column] = middle;
    let strongest = least;
    for (let row = Math.max(0, middle - REACH_PIXELS); row <= Math.min(height - 1, middle + REACH_PIXELS); row++) {
      if (contrast[row * width + column]! > strongest) [strongest, rows[column]] = [contrast[row * width + column]!, row];
    }
    if (strongest > least) above.push(column);
  }
  const contrastAt = (column: number) => contrast[rows[column]! * width + column]!;
  const usual = median(above.map(contrastAt));
  const seen = above.filter((column) => contrastAt(column) >= LIKE_FRACTION * usual);
  if (seen.length === 0) return undefined;
  // A stroke that crosses the line hides it, and is as dark.
  const valueAt = (column: number) => values[rows[column]! * width + column]!;
  const darkest = median(seen.map(valueAt)) + usual / 4;
  const hidden = Array.from({ length: end - begin }, (_, at) => begin + at).filter((column) => valueAt(column) <= darkest);
  const covered = [...new Set([...seen, ...hidden])].sort((a, b) => a - b);
  const stretch = longestStretch(covered, MAX_GAP_FRACTION * width);
  const whole =
    end - begin >= width / 2 &&
    seen.length >= MIN_SEEN_FRACTION * (end - begin) &&
    covered.length >= MIN_COVERED_FRACTION * (end - begin) &&
    seen[0]! - begin <= END_FRACTION * width &&
    end - 1 - seen.at(-1)! <= END_FRACTION * width;
  const [first, last] = whole ? [begin, end - 1] : stretch;
  if (last - first < PARALLELS.length * width) return undefined;
  const at = seen.filter((column) => column >= first && column <= last);
  const thickness = median(at.map((column) => thicknessAt(contrast, { height, width }, rows[column]!, column, least)));
  const darkness = median(at.map(contrastAt));
  return { rows: rows.slice(first, last + 1), first, last, whole, reach: Math.ceil(thickness / 2), contrast: darkness };
}

/** Whether two lines are the same one, found in two places of its thickness. */
function isSame(line: Line, other: Line): boolean {
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
function thicknessAt(contrast: Float32Array, { height, width }: ImageSize, row: number, column: number, least: number): number {
  let [top, bottom] = [row, row];
  while (top > 0 && contrast[(top - 1) * width + column]! > least) top -= 1;
  while (bottom < height - 1 && contrast[(bottom + 1) * width + column]! > least) bottom += 1;
  return bottom - top + 1;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

/** Fills a line with what lies above and below it, in place, except where a darker stroke covers it. */
function erase(values: Float32Array, { height, width }: ImageSize, { rows, first, last, reach, contrast }: Line): void {
  const sideAt = (column: number, direction: -1 | 1): number | undefined => {
    const row = rows[column - first]! + direction * (reach + 1);
    const next = row + direction;
    if (row < 0 || row >= height) return undefined;
    const level = values[row * width + column]!;
    return next < 0 || next >= height ? level : (level + values[next * width + column]!) / 2;
  };
  const sides = Array.from({ length: last - first + 1 }, (_, at) => {
    const [above, below] = [sideAt(first + at, -1), sideAt(first + at, 1)];
    return [above ?? below ?? 255, below ?? above ?? 255] as const;
  });
  for (let at = 0; at < sides.length; at++) {
    const [above, below] = sides[at]!;
    let paper = 0; // the lightest level nearby
    for (let near = Math.max(0, at - PAPER_REACH_PIXELS); near <= Math.min(sides.length - 1, at + PAPER_REACH_PIXELS); near++) {
      paper = Math.max(paper, ...sides[near]!);
    }
    for (let offset = -reach; offset <= reach; offset++) {
      const row = rows[at]! + offset;
      if (row < 0 || row >= height) continue;
      const index = row * width + first + at;
      if (paper - values[index]! > STROKE_CONTRASTS * contrast) continue;
      values[index] = above + ((below - above) * (offset + reach + 1)) / (2 * reach + 2);
    }
  }
}
