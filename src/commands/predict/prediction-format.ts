/** How `resnet predict` writes its answers in each form, picture by picture. */

import type { AnsweredPicture } from '../../evaluation/predict/pictures.ts';
import { printableJson } from '../../printable.ts';
import type { PredictionFormat } from '../../report/predict/prediction-formats.ts';
import { PREDICTIONS_CSV_HEAD, predictionCsv, predictionText } from '../../report/predict/predictions.ts';
import { pictureFacts } from './answered-picture.ts';

/** How answers are written in one form. */
export interface PredictionWriter {
  /** What stands before all answers. */
  readonly head: string;
  /**
   * A picture's part.
   *
   * @param index number of pictures before it
   * @param shown see `pictureFacts`
   */
  readonly part: (picture: AnsweredPicture, index: number, shown: string | undefined) => string;
  /** What stands after all answers. */
  readonly end: string;
}

/** How answers are written in each form. */
export const PREDICTION_WRITERS: Readonly<Record<PredictionFormat, PredictionWriter>> = {
  table: { head: '', part: ({ answer }) => ('top' in answer ? predictionText(answer) : ''), end: '' },
  csv: { head: PREDICTIONS_CSV_HEAD, part: ({ answer }) => predictionCsv(answer), end: '' },
  ndjson: { head: '', part: (picture, _, shown) => `${printableJson(pictureFacts(picture, shown))}\n`, end: '' },
  json: {
    head: '[',
    part: (picture, index, shown) => `${index === 0 ? '' : ','}${printableJson(pictureFacts(picture, shown))}`,
    end: ']\n',
  },
};

/** How the forms begin with a head or with an object. */
const BEGINNINGS: readonly string[] = [PREDICTIONS_CSV_HEAD, '{"path":"', '[{"path":"'];

/** How a line of a table ends. */
const TABLE_END = / \(\d+\.\d\d %\)$/;

/** Whether a text begins as answers of `resnet predict` do, in any form; an empty one holds nothing to lose. */
export function beginsAsPredictions(text: string): boolean {
  const [line = ''] = text.split('\n', 1);
  const isTable = line.includes(': ') && TABLE_END.test(line);
  return text === '' || isTable || BEGINNINGS.some((beginning) => text.startsWith(beginning));
}
