/** From colours to grey levels, with transparent parts laid on paper. */
import type { Image } from '../dataset/source.ts';
import { Levels } from './levels.ts';
import type { ImageSize } from './size.ts';

/** Luma of red, green and blue, ITU-R BT.709. */
const LUMA = [0.2126, 0.7152, 0.0722] as const;

/** From this share of the most opaque pixel's alpha on, a pixel's grey is its own. */
const SOLID = 0.9;

/** Solid greys further apart than this are ink and paper. */
const LARGEST_SPREAD = 96;

/**
 * Ink alone on nothing gets paper of the other end of the scale, white under black and black under white. A drawing that
 * brings its own paper (it covers half of the picture, or its greys are far apart) has that paper continued.
 *
 * @param pixels [height, width, 4]: red, green, blue, alpha, 0 to 255
 */
export function greyOf(pixels: Uint8Array, { height, width }: ImageSize): Image {
  const count = height * width;
  const grey = new Uint8Array(count);
  const alpha = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const [red, green, blue] = [pixels[4 * index]!, pixels[4 * index + 1]!, pixels[4 * index + 2]!];
    grey[index] = Math.round(LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue);
    alpha[index] = pixels[4 * index + 3]!;
  }
  const paper = paperUnder(grey, alpha);
  for (let index = 0; index < count; index++) {
    grey[index] = Math.round(paper + (alpha[index]! / 255) * (grey[index]! - paper));
  }
  return { pixels: grey, height, width };
}

function paperUnder(grey: Uint8Array, alpha: Uint8Array): number {
  const opaque = alpha.reduce((most, value) => Math.max(most, value), 1);
  const solid = grey.filter((_, index) => alpha[index]! >= SOLID * opaque);
  if (solid.length === 0) return 0; // nothing can be seen
  const levels = new Levels(solid);
  const median = levels.quantile(0.5);
  const spread = levels.quantile(0.98) - levels.quantile(0.02);
  if (solid.length > grey.length / 2 || spread > LARGEST_SPREAD) return median;
  return median < 128 ? 255 : 0;
}
