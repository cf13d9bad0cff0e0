/** The contender of `resnet bench` that trains a layers model of TensorFlow.js, as a user of TensorFlow.js would. */
import { gatherLabels, gatherPixels } from '../dataset/batches.ts';
import { type DatasetInMemory, imageBytes } from '../dataset/dataset.ts';
import type { EngineSource } from '../engine/engine.ts';
import type { Tensor, Tensor1D, TensorFlowJs } from '../runtime/tensor.ts';
import type { Contender } from './contender.ts';
import { type LayersModel, layersModel } from './layers-model.ts';

interface Batch {
  /** [batch, height, width, channels], normalised */
  readonly pixels: Tensor;
  /** [batch], int32 */
  readonly labels: Tensor1D;
  /** [batch, classes] */
  readonly oneHot: Tensor;
}

/** Trains and evaluates a layers model of TensorFlow.js. */
export class LayersContender implements Contender<Batch> {
  readonly #tf: TensorFlowJs;
  readonly #dataset: DatasetInMemory;
  readonly #model: LayersModel;

  constructor(
    tf: TensorFlowJs,
    { network, dataset }: Pick<EngineSource, 'network'> & { readonly dataset: DatasetInMemory },
  ) {
    this.#tf = tf;
    this.#dataset = dataset;
    this.#model = layersModel(tf, network, [dataset.channels, dataset.height, dataset.width]);
  }

  batch(indices: Int32Array): Batch {
    const tf = this.#tf;
    const { height, width, channels, classes } = this.#dataset;
    const gathered = gatherPixels({ pixels: this.#dataset.pixels, rows: indices }, imageBytes(this.#dataset));
    const pixels = tf.tensor(gathered, [indices.length, height, width, channels]);
    const labels = tf.tensor1d(gatherLabels(this.#dataset, indices), 'int32');
    return { pixels, labels, oneHot: tf.oneHot(labels, classes) };
  }

  async train({ pixels, oneHot }: Batch): Promise<void> {
    await this.#model.trainOnBatch(pixels, oneHot);
  }

  async evaluate({ pixels, labels }: Batch): Promise<void> {
    const tf = this.#tf;
    tf.tidy(() => {
      const logits = this.#model.predictOnBatch(pixels) as Tensor;
      tf.sum(tf.equal(tf.argMax(logits, 1), labels)).dataSync();
    });
  }

  release({ pixels, labels, oneHot }: Batch): void {
    this.#tf.dispose([pixels, labels, oneHot]);
  }

  /** No loss to compare: TensorFlow.js draws the initial weights itself. */
  async loss(): Promise<undefined> {}

  dispose(): void {
    this.#model.dispose();
  }
}
