/** Converts colours to grey levels and lays transparent parts on paper. */

import { clearestMix, LUMA } from './colour-mix.ts';
import type { Image } from './image.ts';
import { Levels } from './levels.ts';
import type { ImageSize } from './size.ts';

/** Least alpha of an opaque pixel, as a fraction of the most opaque pixel's alpha. */
const MIN_OPAQUE_FRACTION = 0.9;

/** Largest spread of the opaque pixels that are ink alone, in grey levels; a larger spread means ink and paper. */
const MAX_INK_SPREAD_LEVELS = 96;

/** Quantiles of the grey levels between which their spread is measured. */
const SPREAD_QUANTILES = { low: 0.02, high: 0.98 } as const;

/**
 * The grey levels of a picture: its luma, or another mix of its colours where ink and paper are equally light (see
 * `clearestMix`). Where ink stands alone on a transparent background, the background becomes paper of the opposite
 * level: white under dark ink, black under light ink. Where a picture contains paper (its opaque pixels cover more than
 * half of it, or their levels are far apart), the background becomes that paper.
 *
 * @param pixels [height, width, 4]: red, green, blue and alpha, each 0 to 255
 */
export function greyOf(pixels: Uint8Array, { height, width }: ImageSize): Image {
  const count = height * width;
  const alpha = new Uint8Array(count); // [height, width]
  let leastAlpha = 255;
  for (let index = 0; index < count; index++) {
    alpha[index] = pixels[4 * index + 3]!;
    leastAlpha = Math.min(leastAlpha, alpha[index]!);
  }
  const isOpaque = leastAlpha === 255;
  // The colours of transparent pixels mean nothing, so a picture with some is not searched for differences of colour.
  const { weights, offset } = isOpaque ? clearestMix(pixels, { height, width }) : LUMA;
  const [red, green, blue] = weights;
  const grey = new Uint8Array(count); // [height, width]
  for (let index = 0; index < count; index++) {
    const at = 4 * index;
    grey[index] = Math.round(offset + red * pixels[at]! + green * pixels[at + 1]! + blue * pixels[at + 2]!);
  }
  if (!isOpaque) layOnPaper(grey, alpha);
  return { pixels: grey, height, width };
}

/** Replaces grey levels by those of the pixels on paper. */
function layOnPaper(grey: Uint8Array, alpha: Uint8Array): void {
  const paper = paperUnder(grey, alpha);
  for (let index = 0; index < grey.length; index++) {
    grey[index] = Math.round(paper + (alpha[index]! / 255) * (grey[index]! - paper));
  }
}

/** The grey level of the paper to lay under transparent pixels. */
function paperUnder(grey: Uint8Array, alpha: Uint8Array): number {
  const largestAlpha = alpha.reduce((largest, value) => Math.max(largest, value), 1);
  const opaque = grey.filter((_, index) => alpha[index]! >= MIN_OPAQUE_FRACTION * largestAlpha);
  if (opaque.length === 0) return 0; // the picture is wholly transparent
  const levels = new Levels(opaque);
  const median = levels.quantile(0.5);
  const spread = levels.quantile(SPREAD_QUANTILES.high) - levels.quantile(SPREAD_QUANTILES.low);
  if (opaque.length > grey.length / 2 || spread > MAX_INK_SPREAD_LEVELS) return median;
  return median < 128 ? 255 : 0;
}
