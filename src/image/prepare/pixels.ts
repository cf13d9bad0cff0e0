/** The type of an image's pixels with any number of channels. */
import type { ImageSize } from '../size.ts';

/** Pixels of an image. */
export interface Pixels extends ImageSize {
  /** [height, width, channels], 0 to 255 */
  readonly pixels: Uint8Array;
  readonly channels: number;
}

/** Number of levels of an image: height × width × channels. */
export function countOf({ height, width, channels }: Omit<Pixels, 'pixels'>): number {
  return height * width * channels;
}
