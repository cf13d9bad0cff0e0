/** A checkpoint's model for use on pictures: how they are read for it. */
import type { PictureReading } from '../../checkpoint/preparation.ts';
import type { Strangeness } from '../../checkpoint/strangeness.ts';
import { type Normalisation, statisticsOf } from '../../dataset/normalisation.ts';
import { ExitCode, type Notice, UserError } from '../../errors.ts';
import type { Fit } from '../../image/prepare/preparation.ts';
import type { ImageSize } from '../../image/size.ts';
import type { ModelFile } from '../../model/model-file.ts';
import { expectedNormalisation } from '../../model/model-normalisation.ts';
import type { ClassNames } from '../class-names.ts';
import { type ModelData, modelDataOf } from '../model-data.ts';

/** How whole pictures become images. */
export interface WholePictures {
  readonly fit: Fit;
  /** Colour of the padding, 0 to 255: one value for each channel. */
  readonly fill: readonly number[];
}

/** A checkpoint whose model reads pictures. */
export interface PictureModel {
  readonly file: ModelFile;
  /** The normalisation of images that the model expects. */
  readonly normalisation: Normalisation;
  /** Size of the images that the network gets. */
  readonly size: ImageSize;
  readonly channels: 1 | 3;
  /** How whole pictures become images; undefined if a digit is looked for in each. */
  readonly whole: WholePictures | undefined;
  readonly classNames: ClassNames;
  /** The data that the model was trained on; undefined if the checkpoint does not say. */
  readonly trainedOn: ModelData | undefined;
  /** What tells that a picture is of no class; undefined if the checkpoint does not have it: no picture is refused. */
  readonly strangeness: Strangeness | undefined;
}

/** What the user asks for. */
interface ModelRequest {
  /** The checkpoint's name, for messages. */
  readonly checkpoint: string;
  /** What was read from it. */
  readonly file: ModelFile;
  /** See `expectedNormalisation`. */
  readonly normalize?: readonly number[] | undefined;
  /** Default: as the model's training read pictures. */
  readonly as?: PictureReading | undefined;
  /** Size of the images of whole pictures; default: that of the training images. */
  readonly imageSize?: ImageSize | undefined;
  readonly notice: Notice;
}

/** Size of MNIST's digits, for files that do not say the size of their images. */
const DIGIT_SIZE: ImageSize = { height: 28, width: 28 };

/** Size of whole pictures for files that do not say it: that of nearly all networks trained on ImageNet. */
const WHOLE_SIZE: ImageSize = { height: 224, width: 224 };

/**
 * A checkpoint's model for use on pictures.
 *
 * @throws UserError (checkpoint) if the network reads neither grey nor coloured images
 * @throws UserError (usage) if the checkpoint says another normalisation, or digits or a size are asked for where they
 *   cannot be
 */
export function pictureModelOf({ checkpoint, file, normalize, as, imageSize, notice }: ModelRequest): PictureModel {
  const { architecture, metadata } = file;
  const { channels } = architecture;
  if (channels !== 1 && channels !== 3) {
    const problem = `its network reads ${channels} channels, but pictures have 1 (grey) or 3 (colour); use another`;
    throw new UserError(`${checkpoint}: ${problem}`, ExitCode.checkpoint);
  }
  const reading = as ?? metadata?.preparation?.as ?? (channels === 1 ? 'digit' : 'picture');
  if (reading === 'digit' && channels === 3) {
    const problem = `the network of ${checkpoint} reads 3 channels, but digits are read as grey; leave it out`;
    throw new UserError(`--as digit: ${problem}`, ExitCode.usage);
  }
  if (reading === 'digit' && imageSize !== undefined) {
    const problem = 'digits are read at the size of the training images; leave it out, or add --as picture';
    throw new UserError(`--image-size: ${problem}`, ExitCode.usage);
  }
  const normalisation = expectedNormalisation(file, checkpoint, normalize, notice);
  return {
    file,
    normalisation,
    size: imageSize ?? sizeOf(file, reading),
    channels,
    whole: reading === 'picture' ? wholePicturesOf(file, normalisation) : undefined,
    classNames: metadata?.classNames,
    trainedOn: modelDataOf({ metadata }),
    strangeness: reading === 'digit' ? metadata?.strangeness : undefined,
  };
}

/** Size of the images that a model was trained on, or the usual one for a file of another tool, which does not say. */
function sizeOf({ metadata }: ModelFile, reading: PictureReading): ImageSize {
  if (metadata === undefined) return reading === 'digit' ? DIGIT_SIZE : WHOLE_SIZE;
  const [, height, width] = metadata.input;
  return { height, width };
}

/** How a model's training fitted pictures in. A file that does not say gets the mean of its pixels around them. */
function wholePicturesOf({ architecture, metadata }: ModelFile, normalisation: Normalisation): WholePictures {
  if (metadata?.preparation !== undefined) return metadata.preparation;
  const { means } = statisticsOf(normalisation);
  const byteOf = (mean: number) => Math.round(255 * Math.min(1, Math.max(0, mean)));
  const fill = Array.from({ length: architecture.channels }, (_, channel) => byteOf(means[channel % means.length]!));
  return { fit: 'pad', fill };
}
