/** Fills the padding of prepared images with a colour. */
import type { ImageSize } from '../size.ts';
import type { Content } from './preparation.ts';

/**
 * Fills what is left around a picture, in place.
 *
 * @param pixels [size.height, size.width, size.channels]
 * @param content the part that stays as it is
 * @param colour [size.channels], 0 to 255, for example the mean of the training images
 */
export function fillPadding(
  pixels: Uint8Array | Uint8ClampedArray,
  size: ImageSize & { readonly channels: number },
  content: Content,
  colour: readonly number[],
): void {
  const { height, width, channels } = size;
  const fill = (row: number, from: number, to: number) => {
    for (let column = from; column < to; column++) {
      for (let channel = 0; channel < channels; channel++) {
        pixels[(row * width + column) * channels + channel] = colour[channel]!;
      }
    }
  };
  const [right, bottom] = [content.left + content.width, content.top + content.height];
  for (let row = 0; row < height; row++) {
    if (row < content.top || row >= bottom) {
      fill(row, 0, width);
    } else {
      fill(row, 0, content.left);
      fill(row, right, width);
    }
  }
}
