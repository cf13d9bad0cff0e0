/** The engine that runs the step op by op, on any backend. */
import { TRANSFORM_SIZE } from '../dataset/augmentation.ts';
import { gatherLabels, gatherPixels } from '../dataset/batches.ts';
import { type Dataset, imageBytes } from '../dataset/dataset.ts';
import { normalisedBytes } from '../dataset/normalisation.ts';
import type { Piece } from '../dataset/pixels.ts';
import type { ModelState } from '../model/model.ts';
import type { Runtime } from '../runtime/open.ts';
import { type Tensor, type TensorFlowJs, valueOfVariable } from '../runtime/tensor.ts';
import { BatchReader } from './batch-reader.ts';
import {
  EMPTY_SUMS,
  type Engine,
  type EngineSource,
  type EvaluatedBatch,
  type LossSums,
  type TrainingReport,
} from './engine.ts';
import { type BatchTensors, evaluationStep, type LossSumTensors, type StepInputs, trainingStep } from './step.ts';
import { type StepScalars, TrainedModel } from './trained-model.ts';

/** Runs each step op by op, on any backend. */
export class EagerEngine implements Engine {
  readonly #tf: TensorFlowJs;
  readonly #trained: TrainedModel;
  readonly #dataset: Dataset;
  readonly #reader: BatchReader;
  /** See `normalisedBytes`. */
  readonly #values: readonly Float32Array[];
  /** Sums of the last batch trained on. */
  #last = EMPTY_SUMS;
  /** Sums since the epoch began. */
  #sums = EMPTY_SUMS;
  #firstNonFinite: number | undefined;

  constructor(runtime: Runtime, source: EngineSource) {
    this.#tf = runtime.tf;
    this.#trained = new TrainedModel(runtime, source);
    this.#dataset = source.dataset;
    this.#reader = new BatchReader(source.dataset);
    this.#values = normalisedBytes(this.#trained.normalisation);
  }

  get step(): number {
    return this.#trained.step;
  }

  get waitedSeconds(): number {
    return this.#reader.waitedSeconds;
  }

  expect(indices: Int32Array): void {
    this.#reader.expect(indices);
  }

  async startEpoch(sums = EMPTY_SUMS): Promise<void> {
    this.#sums = sums;
    this.#trained.moments();
  }

  thaw(): boolean {
    return this.#trained.thaw();
  }

  async train(indices: Int32Array, learningRate: number, transforms?: Float32Array): Promise<void> {
    this.#trained.moments(); // made before tensors are counted
    const step = this.#trained.nextStep(learningRate);
    const piece = await this.#reader.take(indices);
    const before = this.#tf.memory().numTensors;
    this.#last = this.#sumsOf(indices, piece, (batch) => {
      return trainingStep(this.#trained, batch, this.#inputsOf(step, indices.length, transforms));
    });
    this.#trained.countStep(step);
    const left = this.#tf.memory().numTensors - before;
    if (left !== 0) throw new Error(`step ${this.step} left ${left} tensors behind`);
    const { lossSum, correct } = this.#last;
    if (!Number.isFinite(lossSum)) this.#firstNonFinite ??= this.step;
    const sums = this.#sums;
    this.#sums = {
      count: sums.count + indices.length,
      lossSum: sums.lossSum + lossSum,
      correct: sums.correct + correct,
    };
  }

  async report(): Promise<TrainingReport> {
    const { lossSum, count } = this.#last;
    return { loss: lossSum / count, sums: this.#sums, firstNonFinite: this.#firstNonFinite };
  }

  async evaluate(indices: Int32Array): Promise<EvaluatedBatch> {
    return this.#onBatch(indices, await this.#reader.take(indices), (batch) => {
      const { logits, ...sums } = evaluationStep(this.#trained.evaluated, batch);
      return { ...sumsOf(sums, indices.length), logits: logits.dataSync() as Float32Array };
    });
  }

  async logits(indices: Int32Array): Promise<Float32Array> {
    return this.#onBatch(indices, await this.#reader.take(indices), (batch) => {
      return evaluationStep(this.#trained.evaluated, batch).logits.dataSync() as Float32Array;
    });
  }

  /** Each batch is gathered from the host's pixels. */
  imagesChanged(): void {}

  async state(): Promise<ModelState> {
    const copies = [...this.#trained.variables()].map(([name, variable]) => [name, valueOfVariable(variable)] as const);
    return this.#trained.stateOf(new Map(copies));
  }

  dispose(): void {
    this.#trained.dispose();
  }

  #inputsOf({ groups, averaging }: StepScalars, count: number, transforms: Float32Array | undefined): StepInputs {
    const tf = this.#tf;
    return {
      groups: groups.map(({ decay, ...step }) => ({
        learningRate: tf.scalar(step.learningRate),
        beta1Power: tf.scalar(step.beta1Power),
        beta2Power: tf.scalar(step.beta2Power),
        epsilon: tf.scalar(step.epsilon),
        ...(decay === undefined ? {} : { decay: tf.scalar(decay) }),
      })),
      ...(averaging === undefined ? {} : { averaging: tf.scalar(averaging) }),
      ...(transforms ? { transforms: tf.tensor2d(transforms, [count, TRANSFORM_SIZE]) } : {}),
    };
  }

  /** Runs `work` on a batch, and reads its sums back. */
  #sumsOf(indices: Int32Array, piece: Piece, work: (batch: BatchTensors) => LossSumTensors): LossSums {
    return this.#onBatch(indices, piece, (batch) => sumsOf(work(batch), indices.length));
  }

  /**
   * Runs `work` on a batch, and frees every tensor made meanwhile: `work` must read the values that it returns back.
   */
  #onBatch<Result>(indices: Int32Array, piece: Piece, work: (batch: BatchTensors) => Result): Result {
    const tf = this.#tf;
    const { height, width, channels } = this.#dataset;
    tf.engine().startScope();
    try {
      const gathered = gatherPixels(piece, imageBytes(this.#dataset), this.#values);
      const pixels = tf.tensor(gathered, [indices.length, height, width, channels]);
      return work({ pixels, labels: tf.tensor1d(gatherLabels(this.#dataset, indices), 'int32') });
    } finally {
      tf.engine().endScope();
    }
  }
}

/** Reads the sums over `count` images back. */
function sumsOf({ lossSum, correct }: LossSumTensors, count: number): LossSums {
  return { count, lossSum: valueOfScalar(lossSum), correct: valueOfScalar(correct) };
}

function valueOfScalar(tensor: Tensor): number {
  return tensor.dataSync()[0] as number;
}
