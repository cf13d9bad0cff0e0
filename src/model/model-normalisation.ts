/** The normalisation of images that a model expects: the one in its file, or the one that the user gives. */
import {
  IMAGENET_NORMALISATION,
  isSameNormalisation,
  type Normalisation,
  normalisationOf,
  normalisationValues,
  USUAL_NORMALISATION,
} from '../dataset/normalisation.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import type { ModelFile } from './model-file.ts';

/**
 * The normalisation of images that a checkpoint's model expects. A file that another tool wrote does not say it: that of
 * ImageNet is assumed for colour images under torchvision's names, 0.5 and 0.5 for others.
 *
 * @param path the checkpoint's name, for messages
 * @param given values of `--normalize`, see `normalisationOf`
 * @param notice called if the normalisation is only assumed
 * @throws UserError (usage) if the file records another than the given one, or its network has other channels
 */
export function expectedNormalisation(
  { metadata, architecture }: ModelFile,
  path: string,
  given: readonly number[] | undefined,
  notice: Notice,
): Normalisation {
  const { channels } = architecture;
  const recorded = metadata?.normalisation;
  if (given === undefined) {
    if (recorded) return recorded;
    const isImageNet = architecture.variant === 'torchvision' && channels === 3;
    const [assumed, words] = isImageNet
      ? [IMAGENET_NORMALISATION, "ImageNet's mean 0.485,0.456,0.406 and standard deviation 0.229,0.224,0.225"]
      : [USUAL_NORMALISATION, 'mean 0.5, standard deviation 0.5'];
    notice(`${path} does not say how its images were normalised: assumed is ${words}; give others with --normalize`);
    return assumed;
  }
  const normalisation = normalisationOf(given);
  checkChannels(given, channels, `the network of ${path} reads`);
  if (recorded && !isSameNormalisation(recorded, normalisation, channels)) {
    throw new UserError(
      `--normalize is ${given}, but the model in ${path} was trained with ${normalisationValues(recorded)}; leave it out`,
      ExitCode.usage,
    );
  }
  return normalisation;
}

/**
 * Checks that a normalisation is one for all channels, or has a mean and a standard deviation for each.
 *
 * @param given values of `--normalize`
 * @param subject what has the channels, for the message
 * @throws UserError (usage) if it has another number of channels
 */
export function checkChannels(given: readonly number[], channels: number, subject: string): void {
  const found = given.length / 2;
  if (found === 1 || found === channels) return;
  throw new UserError(
    `--normalize has means and standard deviations of ${found} channels, but ${subject} ${channels}: give as many, or M,S`,
    ExitCode.usage,
  );
}
