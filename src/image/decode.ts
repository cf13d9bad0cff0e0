/** Decodes a picture file into grey pixels with sharp. */

import { ExitCode, UserError } from '../errors.ts';
import { formatOf } from './format/format.ts';
import { greyOf } from './grey.ts';
import type { Image } from './image.ts';
import { loadSharp } from './sharp.ts';
import type { ImageSize } from './size.ts';

/** The libvips loaders of the formats that are read. Vector formats such as SVG are not: they can load other files. */
const VIPS_LOADERS = ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((format) => `VipsForeignLoad${format}`);

/** The types of pixels whose levels are grey levels without more being known: numbers of 8 and of 16 bits. */
const LEVEL_TYPES: readonly string[] = ['uchar', 'ushort'];

/** libvips's words for a file that may be sound, but is of a kind that it was not built for. */
const UNSUPPORTED =
  /not supported|unsupported (?!image format)|not (?:been )?(?:implemented|configured|built)|no known route|out of range|bad labq|channel limit/i;

/**
 * Largest picture that is decoded, in millions of pixels: more than most cameras take, and 512 MB at 8 bytes a pixel.
 */
const MAX_MEGAPIXELS = 64;

/**
 * Largest height and width of a decoded picture; a larger picture is reduced, which also averages noise away. A digit
 * as high as a 12th of the picture keeps 20 pixels, the height of MNIST's digits. 320 and 512 pixels gave no more correct
 * predictions (measured).
 */
const MAX_SIDE_PIXELS = 256;

/** A decoded picture. */
export interface Picture extends Image {
  /** Size of the picture in its file, turned upright. */
  readonly original: ImageSize;
}

/**
 * Reads the head of a picture file.
 *
 * @param bytes the whole file
 * @param name the file's name, for messages
 * @returns a function that decodes the picture into grey pixels, at most 256 × 256: rotated as its EXIF orientation says,
 *   the first frame of an animation, transparent parts laid on paper (see `greyOf`). It begins at once, in a thread of
 *   libvips, and throws what this one throws.
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export async function openImage(bytes: Buffer, name: string): Promise<() => Promise<Picture>> {
  const fault = (problem: string, cause?: unknown) => new UserError(`${name}: ${problem}`, ExitCode.data, { cause });
  const format = formatOf(bytes);
  if ('problem' in format) throw fault(format.problem);
  const faultOf = (error: unknown) =>
    error instanceof UserError ? error : fault(problemOf(error as Error, format.readable), error);
  const sharp = await loadSharp();
  sharp.unblock({ operation: VIPS_LOADERS });
  const upright = sharp(bytes, {
    failOn: 'error', // refuse damaged and truncated files; accept files that only cause libvips warnings
    limitInputPixels: MAX_MEGAPIXELS * 1e6,
    autoOrient: true,
  });
  const { autoOrient: original, depth } = await upright.metadata().catch((error: Error) => {
    throw faultOf(error);
  });
  if (!LEVEL_TYPES.includes(depth)) {
    throw fault(`is ${format.readable} of ${depth} pixels; save it as PNG or JPEG with 8 bits a channel`);
  }
  return async () => {
    try {
      const { data, info } = await upright
        .resize(MAX_SIDE_PIXELS, MAX_SIDE_PIXELS, { fit: 'inside', withoutEnlargement: true, kernel: 'mitchell' })
        .toColourspace('srgb')
        .ensureAlpha()
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      if (info.channels !== 4) throw fault(`is ${format.readable} of too many channels; save it as PNG or JPEG`);
      return { ...greyOf(data, info), original };
    } catch (error) {
      throw faultOf(error);
    }
  };
}

/**
 * The sentence for the user that one of libvips's errors stands for. Its own text, which tells nothing about what to do,
 * stays in the error's cause.
 *
 * @param format the format that the file begins as
 */
function problemOf({ message }: Error, format: string): string {
  if (message.includes('exceeds pixel limit')) {
    return `has more than ${MAX_MEGAPIXELS} million pixels; give a smaller picture`;
  }
  if (UNSUPPORTED.test(message)) return `is ${format} of a kind that cannot be read here; save it as PNG or JPEG`;
  return `is damaged or cut off; copy it again, or save it as a new PNG or JPEG`;
}
