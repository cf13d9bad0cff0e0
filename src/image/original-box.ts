/** A digit's box as users measure it: in pixels of their own picture. */
import type { Box } from './box.ts';
import type { Picture } from './decode.ts';

/** A box in whole pixels of the upright picture, before it was reduced. */
export interface OriginalBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The smallest box in the original that covers a box of the reduced picture.
 *
 * @param box counts the pixels of `picture`
 */
export function originalBox(box: Box, picture: Pick<Picture, 'height' | 'width' | 'original'>): OriginalBox {
  const [left, right] = covering(box.left, box.right, picture.original.width, picture.width);
  const [top, bottom] = covering(box.top, box.bottom, picture.original.height, picture.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** Scales a span from a side of `reduced` pixels to one of `original` pixels, rounded outwards. */
function covering(begin: number, end: number, original: number, reduced: number): [begin: number, end: number] {
  return [Math.floor((begin * original) / reduced), Math.ceil((end * original) / reduced)];
}
