/** Reads pictures as images for a model, one after the other. */
import { originalBox } from '../../image/original-box.ts';
import { PictureError } from '../../image/picture-error.ts';
import { readDigits } from '../../image/read-digits.ts';
import type { PictureModel } from './picture-model.ts';
import { type FaultyPicture, faultyPicture, isFaultOfPicture, type ReadPicture } from './pictures.ts';
import { readWholePictures } from './whole-pictures.ts';

/** What a command is given to read: the path of a picture, or what is wrong with a word that names none. */
export type PictureInput = string | FaultyPicture;

/** What is needed of a model to read pictures for it. */
export type ReadingModel = Pick<PictureModel, 'size' | 'channels' | 'whole' | 'trainedOn'>;

/**
 * Reads pictures. One that cannot be used does not stop the others: its place has the fault. Whole pictures are prepared
 * as the model's training pictures were. Digits become light on dark or dark on light as the training images were; they
 * stay upright: those of a model with `--transpose` stood upright when the model saw them.
 *
 * @param inputs paths, see `readDigits`, and faults, which are passed on at their places
 * @param keep whether to keep the pictures themselves; default: only the images
 * @returns pictures or faults, in the order of the inputs; few are read before they are asked for
 * @throws UserError (device) if no picture can be decoded
 */
export async function* readPictures(
  inputs: readonly PictureInput[],
  model: ReadingModel,
  keep = false,
): AsyncGenerator<ReadPicture | FaultyPicture> {
  const paths = inputs.filter((input) => typeof input === 'string');
  const { whole } = model;
  const images = whole ? readWholePictures(paths, { ...model, whole }, keep) : readDigitImages(paths, model, keep);
  try {
    for (const input of inputs) {
      if (typeof input !== 'string') yield input;
      else {
        const next = await images.next();
        if (!next.done) yield next.value;
      }
    }
  } finally {
    await images.return(undefined);
  }
}

async function* readDigitImages(
  paths: readonly string[],
  { size, trainedOn }: ReadingModel,
  keep: boolean,
): AsyncGenerator<ReadPicture | FaultyPicture> {
  let index = 0;
  for await (const digit of readDigits(paths, size)) {
    const path = paths[index++]!;
    if (digit instanceof Error) {
      yield faultOf(path, digit, keep);
      continue;
    }
    const pixels = trainedOn?.background === 'light' ? digit.pixels.map((value) => 255 - value) : digit.pixels;
    const kept = keep ? { picture: digit.picture } : {};
    yield { path, pixels, box: originalBox(digit.box, digit.picture), ...kept };
  }
}

/** The fault of one picture. Any other error is thrown. */
function faultOf(path: string, error: Error, keep: boolean): FaultyPicture {
  if (!isFaultOfPicture(error)) throw error;
  return faultyPicture(path, error, keep && error instanceof PictureError ? error.picture : undefined);
}
