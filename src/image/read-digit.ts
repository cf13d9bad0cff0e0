/** Reads a picture file as an image like MNIST's: the entry point of this folder. */
import { decodeImage, type Picture } from './decode.ts';
import { type Digit, digitOf } from './digit.ts';
import { PictureError } from './picture-error.ts';
import { nameOf, readImageBytes } from './read-bytes.ts';
import type { ImageSize } from './size.ts';

/** A digit, and the picture in which it was found. */
export interface FoundDigit extends Digit {
  /** The picture as it was looked at: upright, in grey levels, and reduced; `box` counts its pixels. */
  readonly picture: Picture;
}

/**
 * Reads the digit of a picture as an image like MNIST's; see `digitOf`.
 *
 * @param path path of a picture file, or `-` for standard input
 * @param size size of the image
 * @throws PictureError if the picture was decoded, and no digit was found in it
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export async function readDigit(path: string, size: ImageSize): Promise<FoundDigit> {
  const name = nameOf(path);
  const picture = await decodeImage(await readImageBytes(path), name);
  const digit = digitOf(picture, size);
  if ('problem' in digit) throw new PictureError(`${name}: ${digit.problem}`, picture);
  return { ...digit, picture };
}
