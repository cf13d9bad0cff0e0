/** The types of prepared images. */
import type { Fit } from '../../image/prepare/preparation.ts';
import type { ImageSize } from '../../image/size.ts';
import type { PixelFile } from './pixel-file.ts';

/** What prepared images shall be like. */
export interface WantedImages {
  /** Default: the pictures' own size if all have the same and it is at most 96 × 96; else 64 × 64. */
  readonly size?: ImageSize | undefined;
  /** Default: 3 if any picture has colour, else 1; arrays keep their own. */
  readonly channels?: 1 | 3 | undefined;
  readonly fit: Fit;
}

/** A picture that could not be decoded. */
export interface BrokenPicture {
  readonly name: string;
  /** The message for the user, which begins with the name. */
  readonly problem: string;
}

/** Images of one size, for a network. */
export interface PreparedImages extends ImageSize {
  /** [kept images, height, width, channels], 0 to 255; the padding is 0 */
  readonly pixels: Uint8Array | PixelFile;
  readonly channels: 1 | 3;
  /**
   * [kept images, 4]: left, top, width and height in pixels of the part of each image that shows the picture; undefined
   * if no image has padding.
   */
  readonly contents: Int32Array | undefined;
  /** Whether any picture has colour. */
  readonly hasColour: boolean;
  /** [kept images]: the indices, in the part, of the images that could be decoded, in order. */
  readonly kept: Int32Array;
  readonly broken: readonly BrokenPicture[];
}

/** Prepared images in memory. */
export type ImagesInMemory = PreparedImages & { readonly pixels: Uint8Array };
