/**
 * Finds the figure of a picture, whatever surrounds it. The constants were chosen by measurement, on the pictures of
 * `npm run bench:pictures -- --half choosing`.
 */
import { contains, heightOf, widthOf } from '../box.ts';
import { cutOut, withMargin } from '../cut-out.ts';
import { Levels, SAMPLE_PIXELS } from '../levels.ts';
import type { ImageSize } from '../size.ts';
import { withoutLines } from './lines.ts';
import { type Strokes, strokesOf } from './strokes.ts';

/** Least fraction of the pixels around a figure that are no darker than paper, for it to be sure. */
const CLEAR_FRACTION = 0.9;
/** Most roughness of a picture with a figure, as a fraction of the contrast between its light and its dark levels. */
const MAX_ROUGHNESS = 0.25;
/** Most of the picture that may be as dark as a figure, for it to be sure. */
const RARE_FRACTION = 0.25;
/** A digit without a margin has at least this strength, and fills at least this fraction of a side; else it is texture. */
const CUT_OUT = { full: 0.3, fraction: 0.9 } as const;

/**
 * The figure of a picture, dark on light or light on dark.
 *
 * @param picture grey levels [height, width], 0 to 255
 * @returns undefined if nothing in the picture can be a figure
 */
export function figureOf(picture: Float32Array, size: ImageSize): Strokes | undefined {
  const levels = new Levels(picture);
  const split = levels.split();
  const contrast = levels.quantile(0.5, split.light) - levels.quantile(0.5, split.dark);
  if (roughnessOf(picture) > MAX_ROUGHNESS * contrast) return undefined;
  const values = withoutLines(picture, size);
  const inverted = values.map((level) => 255 - level);
  // Most pictures are of one paper, and a figure that is sure and lies on it needs no other search.
  const isDark = levels.quantile(0.5) < 128;
  const [likely, other] = isDark ? [inverted, values] : [values, inverted];
  const figure = strokesOf(likely, size);
  const ground = figure && (isDark ? 255 - figure.ground : figure.ground);
  if (figure && ground !== undefined && isSure(figure) && levels.contains(isDark ? split.dark : split.light, ground)) {
    return figure;
  }
  const figures = [figure, strokesOf(other, size)];
  if (!figures.some((figure) => figure?.whole)) {
    // The digit may have been cut out without a margin: more paper around it is tried.
    figures.push(strokesOnMore(values, size, levels.quantile(0.5, split.light)));
    figures.push(strokesOnMore(inverted, size, 255 - levels.quantile(0.5, split.dark)));
  }
  return figures.filter((figure) => figure !== undefined).toSorted(byTrust)[0];
}

/** Median difference of neighbouring pixels, in grey levels. */
function roughnessOf(values: Float32Array): number {
  const stride = Math.ceil(values.length / SAMPLE_PIXELS);
  const differences = new Float32Array(Math.floor((values.length - 1) / stride) + 1);
  for (let at = 1; at < differences.length; at++) {
    differences[at] = Math.abs(values[at * stride]! - values[at * stride - 1]!);
  }
  return new Levels(differences).quantile(0.5);
}

/** Whether a figure is whole, on paper all around, and of a level that is rare in the picture. */
function isSure({ whole, clear, asDark }: Strokes): boolean {
  return whole && clear > CLEAR_FRACTION && asDark < RARE_FRACTION;
}

/** The strokes of the dark figure of a picture with a margin of this level around it. */
function strokesOnMore(values: Float32Array, { height, width }: ImageSize, level: number): Strokes | undefined {
  const margin = Math.ceil(Math.max(height, width) / 2);
  const size = { height: height + 2 * margin, width: width + 2 * margin };
  const figure = strokesOf(withMargin(values, { height, width }, margin, level), size);
  if (figure === undefined) return undefined;
  const inside = (place: number, length: number) => Math.max(0, Math.min(length, place - margin));
  const { top, left, bottom, right } = figure.box;
  const box = {
    ...{ top: inside(top, height), left: inside(left, width) },
    ...{ bottom: inside(bottom, height), right: inside(right, width) },
  };
  if (!figure.whole || figure.full < CUT_OUT.full) return undefined;
  const fills = Math.max(heightOf(box) / height, widthOf(box) / width) >= CUT_OUT.fraction;
  if (!fills) return undefined;
  const original = { top: margin, left: margin, bottom: margin + height, right: margin + width };
  return { ...figure, height, width, strength: cutOut(figure.strength, size.width, original), box };
}

/** Orders a dark and a light figure by how surely each is what was written: holes and gaps lie inside a figure. */
function byTrust(a: Strokes, b: Strokes): number {
  if (a.whole !== b.whole) return Number(b.whole) - Number(a.whole);
  if (contains(a.box, b.box) && a.mass > b.mass / 2) return -1;
  if (contains(b.box, a.box) && b.mass > a.mass / 2) return 1;
  if (Math.abs(a.clear - b.clear) > 0.1) return b.clear - a.clear;
  if (Math.max(a.full, b.full) > 1.5 * Math.min(a.full, b.full)) return b.full - a.full;
  return b.mass - a.mass;
}
