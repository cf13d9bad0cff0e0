/** The coarse shape in an image, by its lowest spatial frequencies. */
import type { Piece } from '../dataset/pixels.ts';
import type { ImageSize } from '../image/size.ts';

/**
 * The coefficients of the discrete cosine transform (type II, orthonormal, of pixels from 0 to 1) whose two frequencies
 * add up to `order` at most.
 *
 * @param piece grey images
 * @returns [rows, (order + 1) · (order + 2) / 2]
 */
export function shapesOf({ pixels, rows: images }: Piece, { height, width }: ImageSize, order: number): Float64Array {
  const [down, across] = [cosines(height, order), cosines(width, order)];
  const shapes = new Float64Array((images.length * (order + 1) * (order + 2)) / 2);
  let next = 0;
  const rows = new Float64Array((order + 1) * height); // [order + 1, height]: the transform of each row
  for (const image of images) {
    for (let frequency = 0; frequency <= order; frequency++) {
      for (let row = 0; row < height; row++) {
        const from = (image * height + row) * width;
        let sum = 0;
        for (let column = 0; column < width; column++)
          sum += pixels[from + column]! * across[frequency * width + column]!;
        rows[frequency * height + row] = sum;
      }
    }
    for (let vertical = 0; vertical <= order; vertical++) {
      for (let horizontal = 0; vertical + horizontal <= order; horizontal++) {
        let sum = 0;
        for (let row = 0; row < height; row++) sum += rows[horizontal * height + row]! * down[vertical * height + row]!;
        shapes[next++] = sum / 255;
      }
    }
  }
  return shapes;
}

/** The cosine waves of the frequencies from 0 to `order` along a side, each of norm 1: [order + 1, side]. */
function cosines(side: number, order: number): Float64Array {
  return Float64Array.from({ length: (order + 1) * side }, (_, index) => {
    const [frequency, at] = [Math.floor(index / side), index % side];
    return Math.sqrt((frequency === 0 ? 1 : 2) / side) * Math.cos((Math.PI * frequency * (at + 0.5)) / side);
  });
}
