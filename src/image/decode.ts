/** From the bytes of a picture to its grey pixels, by sharp. */
import type { Image } from '../dataset/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { greyOf } from './grey.ts';
import { loadSharp } from './sharp.ts';

/** What may be decoded: SVG and the like are programs, not pictures, and fetch and compute what they please. */
const FORMATS = 'PNG, JPEG, WebP, GIF, TIFF or AVIF';
const LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`);

/** Of one picture, as its header tells: more than most cameras have, and at 8 bytes each still no gigabyte. */
const MAX_MEGAPIXELS = 64;

/**
 * The longer side to which a larger picture is reduced while it is decoded. Noise is averaged away, and a digit of a 12th
 * of the picture still has the 20 pixels that MNIST's have; 512 reads no more of them right (measured).
 */
const LONGEST_SIDE = 256;

/**
 * Grey pixels, upright as EXIF says, of the first frame where there are several; transparent ones are laid on paper (see
 * `greyOf`).
 *
 * @param bytes a whole file
 * @param name its name, for messages
 * @returns at most 256 pixels high and wide
 * @throws UserError (data) naming what is wrong; (device) where the decoder is not installed
 */
export async function decodeImage(bytes: Buffer, name: string): Promise<Image> {
  const sharp = await loadSharp();
  sharp.unblock({ operation: LOADERS });
  try {
    const { data, info } = await sharp(bytes, {
      failOn: 'error', // a truncated file too, but not one that is merely odd
      limitInputPixels: MAX_MEGAPIXELS * 1e6,
      autoOrient: true,
    })
      .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true, kernel: 'mitchell' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return greyOf(data, info);
  } catch (error) {
    throw new UserError(`${name}: ${problemOf(error as Error)}`, ExitCode.data, { cause: error });
  }
}

function problemOf({ message }: Error): string {
  if (/unsupported image format|is not in a known format|operation is blocked/.test(message)) {
    return `is not a picture that can be read; give ${FORMATS}`;
  }
  if (message.includes('exceeds pixel limit')) {
    return `has more than ${MAX_MEGAPIXELS} million pixels; give a smaller picture`;
  }
  return `is damaged or cut off (${message.trim().replaceAll(/\s+/g, ' ')}); save it again`;
}
