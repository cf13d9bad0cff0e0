/** Decodes a picture file into grey pixels with sharp. */

import { greyOf } from './grey.ts';
import type { Image } from './image.ts';
import { openPicture } from './open-picture.ts';
import type { ImageSize } from './size.ts';

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
  const { upright, metadata, format, fault, faultOf } = await openPicture(bytes, name);
  const { autoOrient: original } = metadata;
  return async () => {
    try {
      const { data, info } = await upright()
        .resize(MAX_SIDE_PIXELS, MAX_SIDE_PIXELS, { fit: 'inside', withoutEnlargement: true, kernel: 'mitchell' })
        .toColourspace('srgb')
        .ensureAlpha()
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      if (info.channels !== 4) throw fault(`is ${format} of too many channels; save it as PNG or JPEG`);
      return { ...greyOf(data, info), original };
    } catch (error) {
      throw faultOf(error);
    }
  };
}
