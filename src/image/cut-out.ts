/** Cuts rectangles out of images, and puts margins around images. */
import { type Box, heightOf, widthOf } from './box.ts';
import type { ImageSize } from './size.ts';

/**
 * The part of an image inside a box.
 *
 * @param values [height, width]
 * @param width of the image
 * @returns [bottom − top, right − left] of the box
 */
export function cutOut(values: Float32Array, width: number, box: Box): Float32Array {
  const across = widthOf(box);
  const inside = new Float32Array(heightOf(box) * across);
  for (let row = box.top; row < box.bottom; row++) {
    const from = row * width + box.left;
    inside.set(values.subarray(from, from + across), (row - box.top) * across);
  }
  return inside;
}

/**
 * An image with a margin of one value on all four sides.
 *
 * @param values [height, width]
 * @returns [height + 2 · margin, width + 2 · margin]
 */
export function withMargin(
  values: Float32Array,
  { height, width }: ImageSize,
  margin: number,
  value: number,
): Float32Array {
  const across = width + 2 * margin;
  const framed = new Float32Array((height + 2 * margin) * across).fill(value);
  for (let row = 0; row < height; row++) {
    framed.set(values.subarray(row * width, (row + 1) * width), (row + margin) * across + margin);
  }
  return framed;
}
