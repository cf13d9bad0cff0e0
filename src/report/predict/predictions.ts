/** The text output of `resnet predict`. */
import type { FaultyFile } from '../../errors.ts';
import { classText } from '../../evaluation/class-names.ts';
import type { ModelData } from '../../evaluation/model-data.ts';
import type { PictureModel } from '../../evaluation/predict/picture-model.ts';
import { type PredictedPicture, UNKNOWN_NAME } from '../../evaluation/predict/pictures.ts';
import type { RankedClass } from '../../evaluation/predictions.ts';
import { percentage } from '../../numbers.ts';
import { printable } from '../../printable.ts';
import { csvLine } from './csv.ts';

/** A picture's line, for example `digit.png: 7 (99.31 %), 9 (0.42 %), 1 (0.11 %)`. */
export function predictionText({ path, predicted, top }: PredictedPicture): string {
  const answer = predicted === null ? `${UNKNOWN_NAME}: ` : '';
  return `${printable(path)}: ${answer}${top.map(answerText).join(', ')}\n`;
}

/** One answer, for example `7 (99.31 %)`. */
export function answerText({ predicted, predictedName, probability }: RankedClass): string {
  return `${printable(classText(predicted, predictedName))} (${percentage(probability)})`;
}

/** The line above the drawing of a picture that was refused; standard error says why. */
export function refusalText({ path }: Pick<FaultyFile, 'path'>): string {
  return `${printable(path)}: no answer\n`;
}

/** The first line of predictions as CSV. */
export const PREDICTIONS_CSV_HEAD = csvLine(['path', 'guess', 'guess_name', 'probability', 'problem']);

/** A picture's line of CSV. `guess_name` is the number where classes have no names, so that it always says something. */
export function predictionCsv(answer: PredictedPicture | FaultyFile): string {
  if (!('top' in answer)) return csvLine([answer.path, null, null, null, answer.problem]);
  const { path, predicted, predictedName, probability } = answer;
  const name = predicted === null ? UNKNOWN_NAME : classText(predicted, predictedName);
  return csvLine([path, predicted, name, probability, null]);
}

/**
 * The line about the data that a model of digits was trained on, and on what they have in common with a picture.
 *
 * @param trainedOn undefined if the checkpoint does not say
 */
export function modelDataLine(trainedOn: ModelData | undefined): string {
  if (trainedOn === undefined) {
    return "prepared as MNIST's digits; the file does not say what its model was trained on\n";
  }
  const { source, isMnist, background, transposed } = trainedOn;
  if (isMnist && !transposed) return 'model trained on MNIST\n';
  const kinds = [...(background === 'light' ? ['dark on light'] : []), ...(transposed ? ['transposed'] : [])];
  const kind = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return `prepared as MNIST's digits; this model was trained on ${printable(source)}${kind}\n`;
}

/** How whole pictures become images, in words. */
const FIT_WORDS = { pad: 'padded', crop: 'cropped', stretch: 'stretched' } as const;

/** The line about a model's data, and about how each picture is prepared for it. */
export function modelLine({ trainedOn, whole, size, channels, file }: PictureModel): string {
  if (whole === undefined) return modelDataLine(trainedOn);
  const colours = channels === 1 ? 'in grey' : 'in colour';
  const image = `${size.height}×${size.width} pixels ${colours}, ${FIT_WORDS[whole.fit]}`;
  if (trainedOn === undefined) {
    return `the file does not say how pictures were prepared: each becomes ${image}; --image-size changes the size\n`;
  }
  const [, height, width] = file.metadata?.input ?? [];
  const isOwnSize = height === size.height && width === size.width;
  const isAsTrained = isOwnSize && file.metadata?.preparation?.as === 'picture';
  const prepared = isAsTrained ? 'prepared as in training: ' : '';
  return `model trained on ${printable(trainedOn.source)}; ${prepared}${image}\n`;
}

/** The line about a model of digits that gives every picture an answer; it fits into 80 columns. */
export const NO_REFUSAL_LINE = 'nothing is refused as no digit: the file does not say what digits look like\n';
