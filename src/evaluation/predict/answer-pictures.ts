/** Reads and answers any number of pictures, batch by batch, in constant memory. */
import { type AnsweredPicture, type FaultyPicture, isRead, type ReadPicture } from './pictures.ts';
import type { AnswerChoice, PicturePredictor } from './predictor.ts';
import { type PictureInput, type ReadingModel, readPictures } from './read-pictures.ts';

/** Progress, and how to stop. */
export interface AnswerWatch {
  /** Stops the work between two pictures or batches, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each picture that was read with the number of those so far. */
  readonly onRead?: (done: number) => void;
  /** Called before a batch is classified, with the number of pictures up to its end. */
  readonly onClassify?: (done: number) => void;
  /** Called with the pictures of a batch that cannot be used, if their answers never come. */
  readonly onLost?: (faults: readonly FaultyPicture[]) => void;
}

/** What is needed to answer pictures. */
interface Answering {
  readonly model: ReadingModel;
  readonly predictor: Pick<PicturePredictor, 'answers'>;
  readonly choice: AnswerChoice;
  /** Pictures in a batch: no more than the predictor takes. */
  readonly batchSize: number;
  /** See `readPictures`. */
  readonly keep?: boolean;
}

/**
 * Answers pictures: reads a batch, classifies it, and gives its answers before the next is read.
 *
 * @returns batches of answered pictures or faults, in the order of the inputs
 * @throws what `readPictures` and `PicturePredictor.answers` throw
 */
export async function* answerPictures(
  inputs: readonly PictureInput[],
  { model, predictor, choice, batchSize, keep = false }: Answering,
  { signal, onRead, onClassify, onLost }: AnswerWatch = {},
): AsyncGenerator<AnsweredPicture[]> {
  let batch: (ReadPicture | FaultyPicture)[] = [];
  let done = 0;
  const answer = async () => {
    const pictures = batch.filter(isRead);
    let answers: AnsweredPicture['answer'][] = [];
    if (pictures.length > 0) {
      onClassify?.(done);
      answers = await predictor.answers(pictures, choice);
    }
    return answered(batch, answers);
  };
  try {
    for await (const picture of readPictures(inputs, model, keep)) {
      signal?.throwIfAborted();
      batch.push(picture);
      done += 1;
      onRead?.(done);
      if (batch.length < batchSize && done < inputs.length) continue;
      const answers = await answer();
      signal?.throwIfAborted();
      batch = [];
      yield answers;
    }
  } finally {
    onLost?.(batch.filter((each) => 'error' in each));
  }
}

/** Puts the answers of the pictures that were read among the faults of the others. */
function answered(
  batch: readonly (ReadPicture | FaultyPicture)[],
  answers: readonly AnsweredPicture['answer'][],
): AnsweredPicture[] {
  const rest = answers.values();
  return batch.map((read) => {
    return { read, answer: isRead(read) ? rest.next().value! : read };
  });
}
