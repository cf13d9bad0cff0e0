/** Removes the long, thin, straight lines of a picture: those of ruled and squared paper, margins and edges. */
import { Levels } from '../levels.ts';
import type { ImageSize } from '../size.ts';
import { levelLines } from './line-search.ts';
import type { Line } from './line-trace.ts';
import { transposed } from './morphology.ts';

/** Least side of a picture in which lines are sought, in pixels: in a smaller one a digit's stroke is as long. */
const MIN_SIDE_PIXELS = 96;
/** Least fraction of a picture that is light for dark lines to be sought in it, or dark for light ones. */
const MIN_GROUND_FRACTION = 0.2;
/** Number of pixels from which light and dark are told. */
const LEVEL_PIXELS = 16_384;
/** Most rounds of search; all lines of a round are parallel. */
const MAX_ROUNDS = 3;
/** A stroke has more than this many times the line's contrast. */
const STROKE_CONTRASTS = 1.6;
/** Columns to each side among which the lightest level is the paper's. */
const PAPER_REACH_PIXELS = 8;

/**
 * The picture without its long, thin, straight lines: each becomes what lies on its two sides, so that a stroke that
 * crosses it stays whole. A stroke that is much darker than a line is kept as it is.
 *
 * @param values grey levels [height, width], 0 to 255; dark and light lines are removed
 */
export function withoutLines(values: Float32Array, size: ImageSize): Float32Array {
  if (Math.min(size.height, size.width) < MIN_SIDE_PIXELS) return values;
  const turned = { height: size.width, width: size.height };
  const levels = new Levels(values, Math.ceil(values.length / LEVEL_PIXELS));
  const { dark, light } = levels.split();
  let result = values;
  for (const ground of [light, dark]) {
    if (levels.count(ground) >= MIN_GROUND_FRACTION * levels.count()) {
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
    for (
      let near = Math.max(0, at - PAPER_REACH_PIXELS);
      near <= Math.min(sides.length - 1, at + PAPER_REACH_PIXELS);
      near++
    ) {
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
