/** How a picture becomes an image for a network: types that training and prediction share. */
import type { ImageSize } from '../size.ts';

/** Ways to bring a picture into the shape of the images. */
export const FITS = ['pad', 'crop', 'stretch'] as const;
/**
 * A way to bring a picture into the shape of the images: `pad` keeps all of it and fills what is left, `crop` fills the
 * image and cuts what is over (torchvision's Resize and CenterCrop), `stretch` changes its proportions.
 */
export type Fit = (typeof FITS)[number];

/** What a prepared picture shall be like. */
export interface Preparation {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly fit: Fit;
}

/** Part of an image that shows the picture; the rest is padding. In pixels of the image. */
export interface Content {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture as an image for a network. */
export interface PreparedPicture {
  /** [height, width, channels], 0 to 255; the padding is 0 until `fillPadding` */
  readonly pixels: Uint8Array;
  readonly content: Content;
  /** Whether any pixel of the picture, at its own size, is not grey. */
  readonly hasColour: boolean;
}

/** A picture as an image for a network, and what it was. */
export interface DecodedPicture extends PreparedPicture {
  /** Size of the picture in its file, upright. */
  readonly original: ImageSize;
}

/** Facts about a picture file, from its head. */
export interface PictureFacts {
  /** Height and width in pixels, upright (EXIF). */
  readonly height: number;
  readonly width: number;
  /** The file's format in lower case, such as `png` or `jpeg`. */
  readonly format: string;
}
