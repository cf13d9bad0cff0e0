/** `predict`: tells what is in pictures. */
import { pictureBatchSize } from '../evaluation/predict/predictor.ts';
import { type Begun, begin, doneNow, watchOf } from './begin.ts';
import { type ModelFlags, placeOfModel, readModelAt } from './named-model.ts';
import { type PictureAnswer, pictureAnswer } from './picture-answer.ts';
import { PictureAnswers } from './picture-answers.ts';
import {
  type AnswerFlags,
  foundPictures,
  type PictureFlags,
  type PictureSource,
  pictureModelFor,
  pictureWords,
} from './pictures.ts';
import type { PredictSettings } from './setting-types.ts';
import { PREDICT_TABLE } from './tables.ts';
import type { Watch } from './watch.ts';

type Flags = PictureFlags & AnswerFlags & ModelFlags;

/**
 * Tells what is in pictures: a digit, or the class that they are of. Nothing is printed. The network is loaded anew by each
 * call; `openCheckpoint` keeps it. Paths and settings are taken at the call; bytes are not copied, and read when their turn
 * comes.
 *
 * @param pictures paths of pictures and folders, patterns like `photos/*.jpg`, and bytes of picture files
 * @param settings the flags of `resnet predict` in camel case, a signal and callbacks; default: the run in `checkpoints`
 * @returns an answer for each picture, in their order; one that cannot be used has a `problem`
 * @throws UserError with one of `ExitCode`; the signal's reason
 */
export function predict(
  pictures: PictureSource | Iterable<PictureSource>,
  settings: PredictSettings & Watch = {},
): AsyncGenerator<PictureAnswer, void, void> {
  return answersOf(doneNow(() => ({ ...begin<Flags>(PREDICT_TABLE, settings), words: pictureWords(pictures) })));
}

async function* answersOf(
  begun: () => Begun<Flags> & { readonly words: ReturnType<typeof pictureWords> },
): AsyncGenerator<PictureAnswer, void, void> {
  const { flags, given, hooks, words } = begun();
  const named = await readModelAt(await placeOfModel(given, hooks.notice), flags, hooks.notice);
  const model = pictureModelFor(named, flags, hooks.notice);
  const inputs = await foundPictures(words, hooks);
  const answers = new PictureAnswers({ model, batchSize: pictureBatchSize(model, inputs.length), flags, ...hooks });
  try {
    for await (const batch of answers.batches(inputs, flags, watchOf(hooks, inputs.length))) {
      yield* batch.map(pictureAnswer);
    }
  } finally {
    await answers.close();
  }
}
