/** Predicts batches of pictures with one engine, so that memory holds one batch however many there are. */
import type { DatasetInMemory } from '../../dataset/dataset.ts';
import type { Engine } from '../../engine/engine.ts';
import { openModelEngine } from '../../engine/open-engine.ts';
import { ExitCode, type FaultyFile, UserError } from '../../errors.ts';
import { nameOf } from '../../image/read-bytes.ts';
import { makeCurrent } from '../../runtime/current.ts';
import type { Runtime } from '../../runtime/open.ts';
import { classText, named } from '../class-names.ts';
import { evaluationBatchSize } from '../evaluate.ts';
import { type RankedClass, rowsOf, topK } from '../predictions.ts';
import { areStrange } from '../strangeness.ts';
import type { PictureModel } from './picture-model.ts';
import { type PredictedPicture, type ReadPicture, UNKNOWN_NAME } from './pictures.ts';

/** Most pictures in a batch: their answers wait for one another, and larger batches are no faster. */
const MOST_PICTURES = 64;

/** Number of pictures in a batch, at least 1. */
export function pictureBatchSize({ size }: Pick<PictureModel, 'size'>, pictures: number): number {
  return Math.max(1, Math.min(MOST_PICTURES, evaluationBatchSize(size), pictures));
}

/** What is said about each picture. */
export interface AnswerChoice {
  /** Number of classes, the most probable ones. */
  readonly top: number;
  /** Least probability of a class, 0 to 1, below which a picture is said to be unknown. */
  readonly leastProbability: number;
  /** What logits are divided by for probabilities, see `temperatureOf`; default: 1. */
  readonly temperature?: number | undefined;
}

/** Where and how a model is computed. */
interface Computing {
  /** Called once, when the first picture has been read. */
  readonly open: () => Promise<Runtime>;
  /** See `openEngine`. */
  readonly compile: boolean;
  /**
   * Numbers of pictures for which a graph may be recorded, in rising order: a batch has the next of them. Each recording
   * takes about a second. Default: the largest batch alone.
   */
  readonly sizes?: readonly number[];
}

/** A model that answers batches of pictures. */
export class PicturePredictor {
  readonly #model: PictureModel;
  readonly #computing: Computing;
  /** The present batch. Its labels, all 0, mean nothing. */
  readonly #batch: DatasetInMemory;
  #engine: Engine | undefined;
  #runtime: Runtime | undefined;
  /** Whether a graph is recorded for each size of a batch: then there are to be few sizes. */
  #isRecorded = false;

  /** @param batchSize pictures in a batch, at most */
  constructor(model: PictureModel, batchSize: number, computing: Computing) {
    this.#model = model;
    this.#computing = computing;
    const { size, channels, file } = model;
    this.#batch = {
      ...{ ...size, channels, count: batchSize, classes: file.architecture.classes, transposed: false },
      pixels: new Uint8Array(batchSize * size.height * size.width * channels),
      labels: new Uint8Array(batchSize),
      ...{ format: 'folder', sha256: '', source: 'pictures', imagesFile: 'pictures', labelsFile: 'pictures' },
    };
  }

  /**
   * Predicts a batch of pictures. One that is unlike all that the model was trained on does not get an answer: its place
   * has the fault. Calls must not overlap.
   *
   * @param pictures at least one, and no more than a batch has
   * @returns predictions or faults, in the order of the pictures
   * @throws UserError (checkpoint) if a probability is not finite
   */
  async answers(pictures: readonly ReadPicture[], choice: AnswerChoice): Promise<(PredictedPicture | FaultyFile)[]> {
    const { strangeness } = this.#model;
    const logits = await this.#logitsOf(pictures);
    const { top: most, temperature } = choice;
    const ranked = rowsOf(logits, pictures.length).map((row) => topK(row, most, temperature));
    if (!ranked.flat().every(({ probability }) => Number.isFinite(probability))) {
      throw new UserError("the checkpoint's logits are not finite: use another checkpoint", ExitCode.checkpoint);
    }
    const strange = strangeness && areStrange(strangeness, { ...this.#batch, count: pictures.length }, logits);
    return pictures.map(({ path }, index) => {
      const top = ranked[index]!.map(({ probability, ...each }) => {
        return { ...named(each, this.#model.classNames), probability };
      });
      return strange?.[index] ? this.#strangePicture(path, top[0]!) : this.#predicted(path, top, choice);
    });
  }

  dispose(): void {
    this.#engine?.dispose();
    this.#engine = undefined;
  }

  /** [pictures, classes], row by row */
  async #logitsOf(pictures: readonly ReadPicture[]): Promise<Float32Array> {
    const { pixels, count } = this.#batch;
    for (const [index, picture] of pictures.entries()) pixels.set(picture.pixels, index * picture.pixels.length);
    this.#engine?.imagesChanged();
    if (this.#runtime) await makeCurrent(this.#runtime);
    const engine = this.#engine ?? (await this.#open());
    const { sizes = [] } = this.#computing;
    const recorded = sizes.find((size) => size >= pictures.length && size <= count) ?? count;
    const evaluated = this.#isRecorded ? recorded : pictures.length; // what is left of the batch before is not looked at
    const logits = await engine.logits(Int32Array.from({ length: evaluated }, (_, index) => index));
    return logits.subarray(0, (logits.length / evaluated) * pictures.length);
  }

  async #open(): Promise<Engine> {
    const { open, compile } = this.#computing;
    const runtime = await open();
    this.#runtime = runtime;
    const { file, normalisation } = this.#model;
    this.#engine = openModelEngine(runtime, { ...file, normalisation }, this.#batch, compile);
    this.#isRecorded = compile && runtime.backend === 'tensorflow';
    return this.#engine;
  }

  #predicted(path: string, top: readonly RankedClass[], { leastProbability }: AnswerChoice): PredictedPicture {
    const first = top[0]!;
    const answer =
      first.probability < leastProbability
        ? { predicted: null, predictedName: UNKNOWN_NAME, probability: first.probability }
        : first;
    return { path, ...answer, top };
  }

  /** What is wrong with a picture that is unlike all that the model was trained on. */
  #strangePicture(path: string, { predicted, predictedName }: RankedClass): FaultyFile {
    const nearest = classText(predicted, predictedName);
    const problem = this.#model.trainedOn?.isMnist
      ? `shows no digit that the model knows (least unlike: ${nearest}); give a picture of one digit, with a margin around it`
      : `is unlike all that the model was trained on (least unlike: class ${nearest}); give a picture like its training images`;
    return { path, problem: `${nameOf(path)}: ${problem}`, code: ExitCode.data };
  }
}
