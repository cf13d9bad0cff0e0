/** A picture of `resnet predict` with its answer, and what is shown of it. */
import { basename } from 'node:path';
import { pictureAnswer } from '../../api/picture-answer.ts';
import { type AnsweredPicture, UNKNOWN_NAME } from '../../evaluation/predict/pictures.ts';
import { nameOf } from '../../image/read-bytes.ts';
import type { ImageSize } from '../../image/size.ts';
import { printable } from '../../printable.ts';
import { cut } from '../../report/cut.ts';
import { answerText } from '../../report/predict/predictions.ts';
import type { Seen } from '../../report/seen/seen.ts';

/** Most characters of a class's name that is drawn. */
const DRAWN_NAME = 24;

/** What `--json` prints about a picture. `shown` is the file that shows what the network saw. */
export function pictureFacts(picture: AnsweredPicture, shown: string | undefined): object {
  return { ...pictureAnswer(picture), ...(shown === undefined ? {} : { shown }) };
}

/**
 * What is shown of a picture.
 *
 * @param image size and channels of the network's images
 * @returns undefined if the picture could not be decoded, or was not kept
 */
export function seenOf(
  { read, answer }: AnsweredPicture,
  image: ImageSize & { readonly channels: 1 | 3 },
): Seen | undefined {
  if (read.picture === undefined) return undefined;
  const name = nameOf(read.path);
  return {
    name: printable(basename(name)),
    picture: read.picture,
    box: 'box' in read ? read.box : undefined,
    image: 'pixels' in read ? { ...image, pixels: read.pixels } : undefined,
    answer: firstAnswer(answer),
    problem: 'problem' in answer ? printable(answer.problem.replace(`${name}: `, '')) : undefined,
  };
}

function firstAnswer(answer: AnsweredPicture['answer']): string | undefined {
  if (!('top' in answer)) return undefined;
  const [first] = answer.top;
  if (first === undefined || answer.predicted === null) return UNKNOWN_NAME;
  const { predictedName: name } = first;
  return answerText(name === undefined ? first : { ...first, predictedName: cut(name, DRAWN_NAME) });
}
