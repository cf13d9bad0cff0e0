import { ExitCode, UserError } from '../errors.ts';
import { decodeImage } from './decode.ts';
import { digitOf } from './digit.ts';
import { nameOf, readImageBytes } from './read-bytes.ts';
import type { ImageSize } from './size.ts';

/**
 * The digit in a picture, as MNIST would have it; see `digitOf`.
 *
 * @param path of a file, or `-` for standard input
 * @returns [size.height, size.width]
 * @throws UserError (data) naming the file and what is wrong with it; (device) where no picture can be decoded
 */
export async function readDigit(path: string, size: ImageSize): Promise<Uint8Array> {
  const name = nameOf(path);
  const digit = digitOf(await decodeImage(await readImageBytes(path), name), size);
  if (digit) return digit;
  throw new UserError(`${name}: is blank: no digit stands out from its paper`, ExitCode.data);
}
