/** Pictures on their way to an answer: as they were read, and what was said about them. */
import { ExitCode, type FaultyFile, UserError } from '../../errors.ts';
import type { Image } from '../../image/image.ts';
import type { OriginalBox } from '../../image/original-box.ts';
import type { ImageSize } from '../../image/size.ts';
import type { RankedClass } from '../predictions.ts';

/** A picture reduced for a drawing, and the size that it has in its file, turned upright. */
export interface KeptPicture extends Image {
  readonly original: ImageSize;
}

/** A picture, converted to an image as the model was trained on. */
export interface ReadPicture {
  readonly path: string;
  /** [height, width, channels], 0 to 255 */
  readonly pixels: Uint8Array;
  /** Where the digit is; absent if the whole picture was taken. */
  readonly box?: OriginalBox;
  /** The picture as it was looked at, at most 256 × 256 pixels; only if it was to be kept. */
  readonly picture?: KeptPicture;
}

/** A picture that cannot be used. */
export interface FaultyPicture extends FaultyFile {
  /** The error of which `problem` is the message. */
  readonly error: UserError;
  /** See `ReadPicture`; absent too if the picture could not be decoded. */
  readonly picture?: KeptPicture;
}

/** A picture with its prediction. */
export interface PredictedPicture {
  readonly path: string;
  /** The most probable class; null if it is less probable than was asked for. */
  readonly predicted: number | null;
  /** Its name, `UNKNOWN_NAME` if there is no class; absent if classes have no names. */
  readonly predictedName?: string;
  /** Probability of the most probable class, 0 to 1. */
  readonly probability: number;
  /** The most probable classes, the most probable first. */
  readonly top: readonly RankedClass[];
}

/** A picture as it was read, and what was said about it: a digit that was read can still be refused. */
export interface AnsweredPicture {
  readonly read: ReadPicture | FaultyPicture;
  readonly answer: PredictedPicture | FaultyFile;
}

/** What stands for the name of a class where none is probable enough. */
export const UNKNOWN_NAME = 'unknown';

/** A picture that cannot be used because of this error. */
export function faultyPicture(path: string, error: UserError, picture?: KeptPicture): FaultyPicture {
  return { path, problem: error.message, code: error.code, error, ...(picture && { picture }) };
}

/** Whether an error says that a picture cannot be used. */
export function isFaultOfPicture(error: unknown): error is UserError {
  return error instanceof UserError && error.code === ExitCode.data;
}

/** Whether a picture was read; else it is a fault. */
export function isRead(picture: ReadPicture | FaultyPicture): picture is ReadPicture {
  return 'pixels' in picture;
}
