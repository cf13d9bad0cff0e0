/** Decodes a picture file into grey pixels with sharp. */
import type { Image } from '../dataset/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { greyOf } from './grey.ts';
import { loadSharp } from './sharp.ts';
import type { ImageSize } from './size.ts';

/** The picture formats that are decoded, as messages name them. Vector formats such as SVG can load other files. */
const READABLE_FORMATS = 'PNG, JPEG, WebP, GIF, TIFF or AVIF';
/** The libvips loaders of `READABLE_FORMATS`. */
const VIPS_LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`);

/**
 * Largest picture that is decoded, in millions of pixels: more than most cameras take, and 512 MB at 8 bytes a pixel.
 */
const MAX_MEGAPIXELS = 64;

/**
 * Largest height and width of a decoded picture; a larger picture is reduced, which also averages noise away. A digit
 * as high as a 12th of the picture keeps 20 pixels, the height of MNIST's digits. 512 pixels gave no more correct
 * predictions (measured).
 */
const MAX_SIDE_PIXELS = 320;

/** A decoded picture. */
export interface Picture extends Image {
  /** Size of the picture in its file, turned upright. */
  readonly original: ImageSize;
}

/**
 * Decodes a picture into grey pixels: rotated as its EXIF orientation says, the first frame of an animation,
 * transparent parts laid on paper (see `greyOf`).
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @returns an image of at most 256 × 256 pixels
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export async function decodeImage(bytes: Buffer, name: string): Promise<Picture> {
  const sharp = await loadSharp();
  sharp.unblock({ operation: VIPS_LOADERS });
  try {
    const upright = sharp(bytes, {
      failOn: 'error', // refuse damaged and truncated files; accept files that only cause libvips warnings
      limitInputPixels: MAX_MEGAPIXELS * 1e6,
      autoOrient: true,
    });
    const { autoOrient: original } = await upright.metadata();
    const { data, info } = await upright
      .resize(MAX_SIDE_PIXELS, MAX_SIDE_PIXELS, { fit: 'inside', withoutEnlargement: true, kernel: 'mitchell' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { ...greyOf(data, info), original };
  } catch (error) {
    throw new UserError(`${name}: ${problemOf(error as Error)}`, ExitCode.data, { cause: error });
  }
}

/** The sentence for the user that one of libvips's errors stands for. */
function problemOf({ message }: Error): string {
  if (/unsupported image format|is not in a known format|operation is blocked/.test(message)) {
    return `is not a picture that can be read; give ${READABLE_FORMATS}`;
  }
  if (message.includes('exceeds pixel limit')) {
    return `has more than ${MAX_MEGAPIXELS} million pixels; give a smaller picture`;
  }
  return `is damaged or cut off (${message.trim().replaceAll(/\s+/g, ' ')}); save it again`;
}
