/** The parts of a prediction, from the settings to the answers: what `predict` and an open checkpoint are made of. */
import type { PictureReading } from '../checkpoint/preparation.ts';
import { leftOutText } from '../dataset/left-out-text.ts';
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { evaluationNeed } from '../evaluation/memory-need.ts';
import { findPictures } from '../evaluation/predict/picture-inputs.ts';
import { type PictureModel, pictureModelOf } from '../evaluation/predict/picture-model.ts';
import type { AnswerChoice } from '../evaluation/predict/predictor.ts';
import type { PictureInput } from '../evaluation/predict/read-pictures.ts';
import type { PictureBytes } from '../image/read-bytes.ts';
import { memoryCheck } from '../memory/check.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { path, sizeOfText } from '../value-kinds.ts';
import type { NamedModel } from './named-model.ts';
import { shown } from './settings.ts';

/** The flags that say how pictures are read for a model, and what computes. */
export interface PictureFlags extends RuntimeChoice {
  readonly normalize?: readonly number[];
  readonly as?: PictureReading;
  /** `HxW` */
  readonly 'image-size'?: string;
  readonly 'no-compile'?: boolean;
  readonly 'no-memory-check'?: boolean;
}

/** The flags that say what an answer holds. */
export interface AnswerFlags {
  readonly top: number;
  readonly 'min-probability': number;
  readonly 'no-temperature'?: boolean;
}

/** A picture: the path of its file, or the bytes of one. */
export type PictureSource = string | Uint8Array;

/**
 * The model for use on pictures.
 *
 * @throws UserError as `pictureModelOf`
 */
export function pictureModelFor({ checkpoint, file }: NamedModel, flags: PictureFlags, notice: Notice): PictureModel {
  const { normalize, as, 'image-size': size } = flags;
  const imageSize = size === undefined ? undefined : sizeOfText(size);
  return pictureModelOf({ checkpoint, file, normalize, as, imageSize, notice });
}

/**
 * Checks the memory for a batch before a picture is scaled to the size of the model's images.
 *
 * @throws UserError (usage) if it is too small
 */
export function checkPictureMemory(
  { file, size }: PictureModel,
  batchSize: number,
  flags: PictureFlags,
  notice: Notice,
): void {
  const images = { ...size, count: batchSize, evaluated: batchSize };
  const need = evaluationNeed(file, images, flags, !flags['no-compile'], (batch) => {
    return `give ${batch} ${batch === 1 ? 'picture' : 'pictures'} at a time`;
  });
  memoryCheck(flags['no-memory-check'], notice)(need);
}

/** What the answers hold. */
export function answerChoice(flags: AnswerFlags, { file }: PictureModel): AnswerChoice {
  const temperature = flags['no-temperature'] ? undefined : file.metadata?.temperature;
  return { top: flags.top, leastProbability: flags['min-probability'], temperature };
}

/** Finds the pictures that words name, and tells what their folders hold besides. The signal ends it, and its reason is thrown. */
export async function foundPictures(
  words: readonly (string | PictureBytes)[],
  { notice, signal }: { readonly notice: Notice; readonly signal?: AbortSignal },
): Promise<readonly PictureInput[]> {
  const { inputs, leftOut } = await findPictures(words, { signal });
  if (leftOut.length > 0) notice(`left out: ${leftOutText(leftOut)}`);
  return inputs;
}

/**
 * The pictures of a caller: paths of files and of folders, patterns, and bytes under names by their places.
 *
 * @throws UserError (usage) if one is neither a path nor bytes
 */
export function pictureWords(pictures: PictureSource | Iterable<PictureSource>): (string | PictureBytes)[] {
  const isOne = typeof pictures === 'string' || pictures instanceof Uint8Array;
  if (!isOne && !isSeveral(pictures)) throw noPicture(pictures);
  return Array.from(isOne ? [pictures] : pictures, (picture, index) => {
    if (picture instanceof Uint8Array) return { name: `picture ${index + 1}`, bytes: picture };
    if (!path.isValid(picture)) throw noPicture(picture);
    if (picture !== '-') return picture;
    throw new UserError('- is standard input for the command alone: give the bytes that you read', ExitCode.usage);
  });
}

/** Whether a value holds pictures one by one. A map holds pairs, and an array of numbers no pictures. */
function isSeveral(value: unknown): value is Iterable<unknown> {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return false;
  return !(value instanceof Map || ArrayBuffer.isView(value));
}

function noPicture(found: unknown): UserError {
  return new UserError(`a picture is a path or a Uint8Array of a picture's file, got ${shown(found)}`, ExitCode.usage);
}
