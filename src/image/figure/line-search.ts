/**
 * Finds where a picture's long, thin, straight lines are. The constants were chosen by measurement, on the pictures of
 * `npm run bench:pictures -- --half choosing`.
 */
import { Levels } from '../levels.ts';
import type { ImageSize } from '../size.ts';
import { isSame, type Line, MIN_LENGTH_FRACTION, traceLine } from './line-trace.ts';
import { uprightClosing } from './morphology.ts';

/** Side of the window that a line is thinner than, as a fraction of the picture's shorter side. */
const WINDOW_FRACTION = 0.03;
/** Least contrast of a line, in grey levels and in standard deviations of the noise. */
const MIN_CONTRAST = { levels: 5, deviations: 4 } as const;
/** Largest slope of a line against the picture's edges, in degrees, and the steps in which slopes are tried. */
const SLOPES = { most: 12, coarse: 0.5, fine: 0.125 } as const;
/** Most points from which the slope is found. */
const MAX_POINTS = 8000;
/** Least number of parallel lines that do not go through the whole picture: a digit has fewer. */
const MIN_PARALLELS = 3;
/** Least contrast of such a line, as a fraction of the darkest one's. */
const LIKE_FRACTION = 0.4;

/**
 * The dark lines of a picture that are level, more or less, of the slope that most of them have.
 *
 * @param values grey levels [height, width], 0 to 255
 */
export function levelLines(values: Float32Array, size: ImageSize): Line[] {
  const { width } = size;
  const window = 2 * Math.round((WINDOW_FRACTION * Math.min(size.height, width)) / 2) + 1;
  const contrast = uprightClosing(values, size, window);
  for (let index = 0; index < contrast.length; index++) contrast[index]! -= values[index]!;
  const picture = { values, contrast, least: leastContrast(contrast), ...size };
  const points = pointsAbove(contrast, picture.least);
  if (points.length < MIN_LENGTH_FRACTION * width) return [];
  const lines: Line[] = [];
  for (const { slope, offset } of fullestLines(points, size)) {
    const line = traceLine(picture, offset, slope);
    if (line && !lines.some((other) => isSame(line, other))) lines.push(line);
  }
  const darkest = lines.reduce((most, line) => Math.max(most, line.contrast), 0);
  const whole = lines.filter((line) => line.whole);
  const partial = lines.filter((line) => !line.whole && line.contrast >= LIKE_FRACTION * darkest);
  return partial.length >= MIN_PARALLELS ? [...whole, ...partial] : whole;
}

/** The lines of the common slope on which most points lie, the fullest first. */
function fullestLines(points: Int32Array, size: ImageSize): { slope: number; offset: number }[] {
  const { slope, counts, origin } = commonSlope(points, size);
  const peaks: { slope: number; offset: number; count: number }[] = [];
  for (let bin = 1; bin < counts.length - 1; bin++) {
    const count = counts[bin - 1]! + counts[bin]! + counts[bin + 1]!;
    const isPeak = counts[bin]! > counts[bin - 1]! && counts[bin]! >= counts[bin + 1]!;
    if (isPeak && count >= MIN_LENGTH_FRACTION * size.width) peaks.push({ slope, offset: bin - origin, count });
  }
  return peaks.sort((a, b) => b.count - a.count);
}

/** Least contrast of a line's pixels. */
function leastContrast(contrast: Float32Array): number {
  const levels = Levels.ofSample(contrast);
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
