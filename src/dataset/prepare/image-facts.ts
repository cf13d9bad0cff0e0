/** What is known of prepared images beside their pixels. */
import type { ImageSize } from '../../image/size.ts';

/** A picture that could not be decoded. */
export interface BrokenPicture {
  readonly name: string;
  /** The message for the user, which begins with the name. */
  readonly problem: string;
}

/** Facts about images of one size. */
export interface ImageFacts extends ImageSize {
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
