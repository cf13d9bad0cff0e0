/** Reads a picture file as an image like MNIST's: the entry point of this folder. */
import { openImage, type Picture } from './decode.ts';
import { type Digit, digitOf } from './digit.ts';
import { PictureError } from './picture-error.ts';
import { nameOf, type PictureSource, readImageBytes } from './read-bytes.ts';
import type { ImageSize } from './size.ts';

/** A digit, and the picture in which it was found. */
export interface FoundDigit extends Digit {
  /** The picture as it was looked at: upright, in grey levels, and reduced; `box` counts its pixels. */
  readonly picture: Picture;
}

/**
 * Reads the digits of pictures as images like MNIST's, one by one; see `digitOf`. The next picture is decoded while the
 * digit of one is found, and no two are decoded at a time: memory holds one picture, and those that were reduced; and
 * libvips, which loses the reason of a failure if it does two things at once, tells it (findings/sharp-lost-reason.sh).
 *
 * @param sources the pictures
 * @param size size of the images
 * @returns for each picture the digit; or the error: a PictureError if the picture was decoded and no digit was found in it,
 *   a UserError (data) naming the file and what is wrong with it, or one (device) if sharp is not installed
 */
export async function* readDigits(
  sources: readonly PictureSource[],
  size: ImageSize,
): AsyncGenerator<FoundDigit | Error> {
  let following = sources[0] === undefined ? undefined : await begin(sources[0]);
  for (let index = 0; following !== undefined; index++) {
    const picture: Picture | Error = await following.picture;
    const [source, next] = [sources[index]!, sources[index + 1]];
    following = next === undefined ? undefined : await begin(next);
    yield picture instanceof Error ? picture : digitIn(picture, nameOf(source), size);
  }
}

/** Reads a picture, and begins to decode it. */
async function begin(source: PictureSource): Promise<{ readonly picture: Promise<Picture | Error> }> {
  try {
    const decode = await openImage(await readImageBytes(source), nameOf(source));
    return { picture: decode().catch((error: Error) => error) };
  } catch (error) {
    return { picture: Promise.resolve(error as Error) };
  }
}

/** The digit in a decoded picture. */
function digitIn(picture: Picture, name: string, size: ImageSize): FoundDigit | PictureError {
  const digit = digitOf(picture, size);
  if ('problem' in digit) return new PictureError(`${name}: ${digit.problem}`, picture);
  return { ...digit, picture };
}
