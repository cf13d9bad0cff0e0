/** Reads pictures as images for a model, one after the other. */
import { originalBox } from '../../image/original-box.ts';
import { PictureError } from '../../image/picture-error.ts';
import { type PictureSource, pathOf } from '../../image/read-bytes.ts';
import { readDigits } from '../../image/read-digits.ts';
import type { PictureModel } from './picture-model.ts';
import { type FaultyPicture, faultyPicture, isFaultOfPicture, type ReadPicture } from './pictures.ts';
import { readWholePictures } from './whole-pictures.ts';

/** What there is to read: a picture, or what is wrong with a word that names none. */
export type PictureInput = PictureSource | FaultyPicture;

/** The path of a picture, or the word that names none. */
export function pathOfInput(input: PictureInput): string {
  return isSource(input) ? pathOf(input) : input.path;
}

/** Whether there is a picture to read; else it is a fault. */
function isSource(input: PictureInput): input is PictureSource {
  return typeof input === 'string' || 'bytes' in input;
}

/** What is needed of a model to read pictures for it. */
export type ReadingModel = Pick<PictureModel, 'size' | 'channels' | 'whole' | 'trainedOn'>;

/**
 * Reads pictures. One that cannot be used does not stop the others: its place has the fault. Whole pictures are prepared
 * as the model's training pictures were. Digits become light on dark or dark on light as the training images were; they
 * stay upright: those of a model with `--transpose` stood upright when the model saw them.
 *
 * @param inputs pictures, and faults, which are passed on at their places
 * @param keep whether to keep the pictures themselves; default: only the images
 * @returns pictures or faults, in the order of the inputs; few are read before they are asked for
 * @throws UserError (device) if no picture can be decoded
 */
export async function* readPictures(
  inputs: readonly PictureInput[],
  model: ReadingModel,
  keep = false,
): AsyncGenerator<ReadPicture | FaultyPicture> {
  const sources = inputs.filter(isSource);
  const { whole } = model;
  const images = whole ? readWholePictures(sources, { ...model, whole }, keep) : readDigitImages(sources, model, keep);
  try {
    for (const input of inputs) {
      if (!isSource(input)) yield input;
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
  sources: readonly PictureSource[],
  { size, trainedOn }: ReadingModel,
  keep: boolean,
): AsyncGenerator<ReadPicture | FaultyPicture> {
  let index = 0;
  for await (const digit of readDigits(sources, size)) {
    const path = pathOf(sources[index++]!);
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
