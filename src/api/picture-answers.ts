/** Answers pictures with a model whose network is loaded once. */
import type { Notice } from '../errors.ts';
import { type AnswerWatch, answerPictures } from '../evaluation/predict/answer-pictures.ts';
import type { PictureModel } from '../evaluation/predict/picture-model.ts';
import type { AnsweredPicture } from '../evaluation/predict/pictures.ts';
import { PicturePredictor } from '../evaluation/predict/predictor.ts';
import type { PictureInput } from '../evaluation/predict/read-pictures.ts';
import { type AnswerFlags, answerChoice, checkPictureMemory, type PictureFlags } from './pictures.ts';
import { Turns } from './turns.ts';
import type { Hooks } from './watch.ts';

/** Which model answers, in which batches. */
interface Answering {
  readonly model: PictureModel;
  /** Pictures that are answered together, at most. */
  readonly batchSize: number;
  /** See `PicturePredictor`; default: the batches alone. */
  readonly sizes?: readonly number[];
  readonly flags: PictureFlags;
  /** Opens the backend, when the first picture was read. */
  readonly open: Hooks['open'];
  readonly notice: Notice;
}

/** Progress of some answers, how to stop, and whether the pictures are kept for drawings. */
type Watching = AnswerWatch & { readonly keep?: boolean };

/** A model that answers pictures. */
export class PictureAnswers {
  readonly #model: PictureModel;
  readonly #batchSize: number;
  readonly #predictor: PicturePredictor;
  readonly #turns = new Turns();

  /** @throws UserError (usage) if memory is too small for a batch */
  constructor({ model, batchSize, sizes, flags, open, notice }: Answering) {
    checkPictureMemory(model, batchSize, flags, notice);
    this.#model = model;
    this.#batchSize = batchSize;
    const computing = { open: () => open(flags), compile: !flags['no-compile'], ...(sizes ? { sizes } : {}) };
    this.#predictor = new PicturePredictor(model, batchSize, computing);
  }

  /**
   * Answers pictures batch by batch; see `answerPictures`. Calls may overlap: one batch is computed at a time.
   *
   * @param flags what an answer holds
   */
  batches(
    inputs: readonly PictureInput[],
    flags: AnswerFlags,
    { keep = false, ...watch }: Watching,
  ): AsyncGenerator<AnsweredPicture[]> {
    const choice = answerChoice(flags, this.#model);
    const predictor: Pick<PicturePredictor, 'answers'> = {
      answers: (pictures, each) => this.#turns.take(() => this.#predictor.answers(pictures, each)),
    };
    const batchSize = Math.max(1, Math.min(this.#batchSize, inputs.length));
    return answerPictures(inputs, { model: this.#model, predictor, choice, batchSize, keep }, watch);
  }

  /** Frees the network's memory when the batch that is computed is done. */
  close(): Promise<void> {
    return this.#turns.take(async () => this.#predictor.dispose());
  }
}
