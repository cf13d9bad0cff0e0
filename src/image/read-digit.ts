/** Reads a picture file as an image like MNIST's: the entry point of this folder. */
import { ExitCode, UserError } from '../errors.ts';
import { decodeImage } from './decode.ts';
import { digitOf } from './digit.ts';
import { nameOf, readImageBytes } from './read-bytes.ts';
import type { ImageSize } from './size.ts';

/**
 * Reads the digit of a picture as an image like MNIST's; see `digitOf`.
 *
 * @param path path of a picture file, or `-` for standard input
 * @param size size of the result
 * @returns [size.height, size.width], light ink (255) on black (0)
 * @throws UserError (data) naming the file and what is wrong with it
 * @throws UserError (device) if sharp is not installed
 */
export async function readDigit(path: string, size: ImageSize): Promise<Uint8Array> {
  const name = nameOf(path);
  const digit = digitOf(await decodeImage(await readImageBytes(path), name), size);
  if (digit) return digit;
  throw new UserError(`${name}: is blank: no digit stands out from its paper; give another picture`, ExitCode.data);
}
