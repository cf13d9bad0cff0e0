/** A picture of `resnet predict` with its answer, and what is shown of it. */
import { basename } from 'node:path';
import type { FaultyFile } from '../errors.ts';
import type { FaultyPicture, PredictedPicture, ReadPicture } from '../evaluation/predict-pictures.ts';
import { nameOf } from '../image/read-bytes.ts';
import type { ImageSize } from '../image/size.ts';
import { printable } from '../printable.ts';
import { answerText } from '../report/predictions.ts';
import type { Seen } from '../report/seen/seen.ts';

/** A picture as it was read, and what was said about it: a digit that was read can still be refused. */
export interface AnsweredPicture {
  readonly read: ReadPicture | FaultyPicture;
  readonly answer: PredictedPicture | FaultyFile;
}

/** What `--json` prints about a picture. `shown` is the file that shows what the network saw. */
export function pictureFacts({ read, answer }: AnsweredPicture, shown: string | undefined): object {
  const facts = 'top' in answer ? answer : { path: answer.path, problem: answer.problem, code: answer.code };
  return { ...facts, ...('box' in read ? { box: read.box } : {}), ...(shown === undefined ? {} : { shown }) };
}

/**
 * What is shown of a picture.
 *
 * @param size size of the network's images
 * @returns undefined if the picture could not be decoded, or was not kept
 */
export function seenOf({ read, answer }: AnsweredPicture, size: ImageSize): Seen | undefined {
  if (read.picture === undefined) return undefined;
  const name = nameOf(read.path);
  const [first] = 'top' in answer ? answer.top : [];
  return {
    name: printable(basename(name)),
    picture: read.picture,
    box: 'box' in read ? read.box : undefined,
    image: 'pixels' in read ? { ...size, pixels: read.pixels } : undefined,
    answer: first && answerText(first),
    problem: 'problem' in answer ? printable(answer.problem.replace(`${name}: `, '')) : undefined,
  };
}
