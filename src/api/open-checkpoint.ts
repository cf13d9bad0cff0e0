/** `openCheckpoint`: a checkpoint that answers again and again, with its network loaded once. */
import type { StoredPreparation } from '../checkpoint/preparation.ts';
import { normalisationValues } from '../dataset/normalisation.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { PictureModel } from '../evaluation/predict/picture-model.ts';
import { pictureBatchSize } from '../evaluation/predict/predictor.ts';
import type { Architecture } from '../net/resnet.ts';
import { path as pathKind } from '../value-kinds.ts';
import { type Begun, begin, doneNow, watchOf } from './begin.ts';
import { evaluateModel, factsOf } from './evaluate.ts';
import type { EvaluationFlags } from './evaluation.ts';
import type { EvaluationFacts } from './evaluation-facts.ts';
import { type ModelFlags, type NamedModel, placeOfModel, readModelAt } from './named-model.ts';
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
import { runSettingsOf } from './run-settings.ts';
import type { AnswerSettings, OpenEvaluateSettings, OpenSettings, TrainSettings } from './setting-types.ts';
import { shown } from './settings.ts';
import { ANSWER_TABLE, OPEN_EVALUATE_TABLE, OPEN_TABLE } from './tables.ts';
import { Turns } from './turns.ts';
import type { Hooks, Told, Watch } from './watch.ts';

/** Numbers of pictures for which a graph is recorded: one picture must not wait for the work of a whole batch. */
const RECORDED_SIZES = [1, 8, 64];

/** Most pictures that are answered together. */
const MOST_PICTURES = 64;

/** What a checkpoint says of its model. */
export interface ModelFacts {
  /** Path of the file. */
  readonly path: string;
  readonly architecture: Architecture;
  /** Names of the classes in the order of their numbers; absent if they are bare numbers. */
  readonly classNames?: readonly string[];
  /** Shape of one image: [channels, height, width]; absent in another tool's file, which does not say it. */
  readonly input?: readonly [channels: number, height: number, width: number];
  /** Means, then standard deviations, by which pixels from 0 to 1 are normalised: one for all channels, or one for each. */
  readonly normalisation: readonly number[];
  /** How pictures become images; absent for digits in MNIST's files, and in another tool's file. */
  readonly preparation?: StoredPreparation;
  /** The settings of the run that wrote the file; absent if it does not say them. */
  readonly settings?: TrainSettings;
  /** Finished epochs; absent in another tool's file. */
  readonly epoch?: number;
  /** Fraction of the validation images classified correctly, 0 to 1; absent if these weights were not validated. */
  readonly validationAccuracy?: number;
  /** Mean cross-entropy of the validation images (nats); absent if these weights were not validated. */
  readonly validationLoss?: number;
}

/** A checkpoint that was read: its model's facts, and what can be asked of it. */
export interface OpenCheckpoint extends ModelFacts {
  /**
   * Tells what is in pictures. The network is loaded with the first of them, and kept. Calls may overlap: batches are
   * computed one after the other. Paths and settings are taken at the call; bytes are not copied, and read when their turn
   * comes.
   *
   * @param pictures paths of pictures and folders, patterns like `photos/*.jpg`, and bytes of picture files
   * @returns an answer for each picture, in their order; one that cannot be used has a `problem`
   * @throws UserError with one of `ExitCode`, also once the checkpoint is closed; the signal's reason
   */
  predict(
    pictures: PictureSource | Iterable<PictureSource>,
    settings?: AnswerSettings & Watch,
  ): AsyncGenerator<PictureAnswer, void, void>;
  /** As the function `evaluate`, on this checkpoint. */
  evaluate(settings?: OpenEvaluateSettings & Watch): Promise<EvaluationFacts>;
  /** Waits for what is being computed, and frees the network's memory. Calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Opens a checkpoint: finds it, reads it, and checks it. The backend is loaded with the first picture. Nothing is printed.
 *
 * @param path a run's name, its folder, or a checkpoint (.safetensors, .pth); default: the run in `checkpointDir`
 * @param settings how the file and pictures are read, and what computes; a signal, which stops the opening alone; and
 *   `onNotice`, which is also called later, with what the backend says when it is loaded
 * @throws UserError with one of `ExitCode`; the signal's reason
 */
export async function openCheckpoint(path?: string, settings: OpenSettings & Told = {}): Promise<OpenCheckpoint> {
  if (path !== undefined && !pathKind.isValid(path)) {
    throw new UserError(`a checkpoint is named by a path or a run's name, got ${shown(path)}`, ExitCode.usage);
  }
  const { flags, given, hooks } = begin<PictureFlags & ModelFlags>(OPEN_TABLE, settings, ['signal', 'onNotice']);
  const place = await placeOfModel({ ...given, checkpoint: path }, hooks.notice);
  const named = await readModelAt(place, flags, hooks.notice);
  const model = pictureModelFor(named, flags, hooks.notice);
  hooks.signal.throwIfAborted();
  const opened = new OpenedModel(named, model, flags, hooks);
  return {
    ...modelFacts(named, model),
    predict: (pictures, each) => opened.predict(pictures, each),
    evaluate: (each) => opened.evaluate(each),
    close: () => opened.close(),
  };
}

/** What a checkpoint says of its model. */
function modelFacts({ checkpoint, file }: NamedModel, model: PictureModel): ModelFacts {
  const { architecture, metadata } = file;
  const settings = metadata?.settings ? runSettingsOf(metadata, checkpoint) : undefined;
  const { classNames, input, preparation, epoch, validationAccuracy, validationLoss } = metadata ?? {};
  const said = { classNames, input, preparation, settings, epoch, validationAccuracy, validationLoss };
  return {
    path: checkpoint,
    architecture,
    normalisation: normalisationValues(model.normalisation),
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  };
}

/** The functions of an open checkpoint. */
class OpenedModel {
  readonly #named: NamedModel;
  readonly #model: PictureModel;
  readonly #flags: PictureFlags;
  readonly #hooks: Pick<Hooks, 'open' | 'notice'>;
  readonly #evaluations = new Turns();
  #answers: PictureAnswers | undefined;
  #isClosed = false;

  constructor(named: NamedModel, model: PictureModel, flags: PictureFlags, hooks: Pick<Hooks, 'open' | 'notice'>) {
    this.#named = named;
    this.#model = model;
    this.#flags = flags;
    this.#hooks = hooks;
  }

  predict(
    pictures: PictureSource | Iterable<PictureSource>,
    settings: AnswerSettings & Watch = {},
  ): AsyncGenerator<PictureAnswer, void, void> {
    return this.#answersOf(
      doneNow(() => ({ ...begin<AnswerFlags>(ANSWER_TABLE, settings), words: pictureWords(pictures) })),
    );
  }

  async *#answersOf(
    begun: () => Begun<AnswerFlags> & { readonly words: ReturnType<typeof pictureWords> },
  ): AsyncGenerator<PictureAnswer, void, void> {
    const { flags, hooks, words } = begun();
    const inputs = await foundPictures(words, hooks);
    const batches = this.#opened().batches(inputs, flags, watchOf(hooks, inputs.length));
    for await (const batch of batches) yield* batch.map(pictureAnswer);
  }

  async evaluate(settings: OpenEvaluateSettings & Watch = {}): Promise<EvaluationFacts> {
    const begun = begin<EvaluationFlags>(OPEN_EVALUATE_TABLE, settings);
    const flags = { ...this.#flags, ...begun.flags };
    const hooks = { ...begun.hooks, open: this.#hooks.open };
    return this.#evaluations.take(async () => {
      this.#expectOpen();
      return factsOf(await evaluateModel(this.#named, flags, hooks));
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#answers?.close();
    await this.#evaluations.take(async () => {});
  }

  #opened(): PictureAnswers {
    this.#expectOpen();
    this.#answers ??= new PictureAnswers({
      model: this.#model,
      batchSize: pictureBatchSize(this.#model, MOST_PICTURES),
      sizes: RECORDED_SIZES,
      flags: this.#flags,
      ...this.#hooks,
    });
    return this.#answers;
  }

  #expectOpen(): void {
    if (this.#isClosed) throw new UserError(`${this.#named.checkpoint}: was closed; open it again`, ExitCode.usage);
  }
}
