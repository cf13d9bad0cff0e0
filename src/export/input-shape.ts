/** The size of the images that an exported network takes. */
import { ExitCode, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { sizeOfText } from '../value-kinds.ts';

/**
 * Shape of the images: the checkpoint's own, or for another tool's file the size that the user gives.
 *
 * @param path the checkpoint's name, for messages
 * @param given value of `--image-size`, as `HxW`
 * @returns [channels, height, width]
 * @throws UserError (usage) if the size is not known, or is another than the checkpoint's
 */
export function inputShape(
  { architecture: { channels }, metadata }: ModelFile,
  path: string,
  given: string | undefined,
): readonly [channels: number, height: number, width: number] {
  if (metadata === undefined) {
    if (given !== undefined) return [channels, sizeOfText(given).height, sizeOfText(given).width];
    const problem = `${path} does not say how large its images are, and an export takes images of one size`;
    throw new UserError(`${problem}: give --image-size, like 224`, ExitCode.usage);
  }
  const [, height, width] = metadata.input;
  const own = `${height}x${width}`;
  if (given === undefined || given === own) return metadata.input;
  throw new UserError(`--image-size is ${given}, but the images of ${path} are ${own}; leave it out`, ExitCode.usage);
}
