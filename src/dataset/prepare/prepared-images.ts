/** The types of prepared images. */
import type { Fit } from '../../image/prepare/preparation.ts';
import type { ImageSize } from '../../image/size.ts';
import type { ImageFacts } from './image-facts.ts';
import type { PixelFile } from './pixel-file.ts';

export type { BrokenPicture } from './image-facts.ts';

/** What prepared images shall be like. */
export interface WantedImages {
  /** Default: the pictures' own size if all have the same and it is at most 96 × 96; else 64 × 64. */
  readonly size?: ImageSize | undefined;
  /** Default: 3 if any picture has colour, else 1; arrays keep their own. */
  readonly channels?: 1 | 3 | undefined;
  readonly fit: Fit;
}

/** Images of one size, for a network. */
export interface PreparedImages extends ImageFacts {
  /** [kept images, height, width, channels], 0 to 255; the padding is 0 */
  readonly pixels: Uint8Array | PixelFile;
}

/** Prepared images in memory. */
export type ImagesInMemory = PreparedImages & { readonly pixels: Uint8Array };
