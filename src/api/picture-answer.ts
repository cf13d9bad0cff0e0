/** What is said about a picture, as `resnet predict --json` prints it. */
import { documented } from '../evaluation/json.ts';
import type { AnsweredPicture } from '../evaluation/predict/pictures.ts';
import type { OriginalBox } from '../image/original-box.ts';

/** A class and its probability. */
export interface RankedClassFacts {
  readonly guess: number;
  /** The class's name; absent if classes have none. */
  readonly guessName?: string;
  /** 0 to 1 */
  readonly probability: number;
}

/** The answer to a picture. */
export interface PictureGuess {
  /** The picture's path; of the bytes of the third picture `picture 3`. */
  readonly path: string;
  /** The most probable class; null if it is less probable than `minProbability`. */
  readonly guess: number | null;
  /** Its name, `unknown` if there is no class; absent if classes have no names. */
  readonly guessName?: string;
  /** Probability of the most probable class, 0 to 1. */
  readonly probability: number;
  /** The most probable classes, the most probable first: as many as `top` says. */
  readonly top: readonly RankedClassFacts[];
  /** Where the digit is, in pixels of the picture; absent if the whole picture was taken. */
  readonly box?: OriginalBox;
  /** Always absent, as the next: see `PictureProblem`. */
  readonly problem?: undefined;
  readonly code?: undefined;
}

/** A picture that cannot be used; it does not stop the others. */
export interface PictureProblem {
  readonly path: string;
  /** The picture's name, what is wrong with it, and what to do. */
  readonly problem: string;
  /** One of `ExitCode`. */
  readonly code: number;
  /** Where a digit was found that is unlike all that the model knows. */
  readonly box?: OriginalBox;
  /** Always absent, as the next three: see `PictureGuess`. */
  readonly guess?: undefined;
  readonly guessName?: undefined;
  readonly probability?: undefined;
  readonly top?: undefined;
}

/** What is said about a picture: a guess if its `problem` is undefined. */
export type PictureAnswer = PictureGuess | PictureProblem;

/** What is said about a picture, under its documented names. */
export function pictureAnswer({ read, answer }: AnsweredPicture): PictureAnswer {
  const facts = 'top' in answer ? answer : { path: answer.path, problem: answer.problem, code: answer.code };
  return documented({ ...facts, ...('box' in read ? { box: read.box } : {}) });
}
