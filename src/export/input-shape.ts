/** The size of the images that an exported network takes. */
import { ExitCode, UserError } from '../errors.ts';
import type { ModelFile } from '../model/model-file.ts';
import { sizeOfText } from '../value-kinds.ts';
import { PROOF_IMAGES } from './proof/images.ts';

/** Most bytes of all images that an export is tried on: they are in memory together. */
const MOST_PROOF_BYTES = 2 ** 31;

/**
 * Shape of the images: the checkpoint's own, or for another tool's file the size that the user gives.
 *
 * @param path the checkpoint's name, for messages
 * @param given value of `--image-size`, as `HxW`
 * @returns [channels, height, width]
 * @throws UserError (usage) if the size is not known, is too large, or is another than the checkpoint's
 */
export function inputShape(
  { architecture: { channels }, metadata }: ModelFile,
  path: string,
  given: string | undefined,
): readonly [channels: number, height: number, width: number] {
  if (metadata === undefined) {
    if (given !== undefined) {
      const { height, width } = sizeOfText(given);
      if (PROOF_IMAGES * channels * height * width <= MOST_PROOF_BYTES) return [channels, height, width];
      const problem = `--image-size ${given} is too large: the ${PROOF_IMAGES} images that an export is tried on`;
      throw new UserError(`${problem} would take more than 2 GiB; give a smaller one`, ExitCode.usage);
    }
    const problem = `${path} does not say how large its images are, and an export takes images of one size`;
    throw new UserError(`${problem}: give --image-size, like 224`, ExitCode.usage);
  }
  const [, height, width] = metadata.input;
  const own = `${height}x${width}`;
  if (given === undefined || given === own) return metadata.input;
  throw new UserError(`--image-size is ${given}, but the images of ${path} are ${own}; leave it out`, ExitCode.usage);
}
