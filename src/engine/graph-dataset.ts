/**
 * A data set inside a graph. A step is given indices only, and gathers its batch there; it is fed the pixels as well if
 * they are more than memory shall hold.
 */

import type { Dataset } from '../dataset/dataset.ts';
import { type Normalisation, normalisedBytes, PIXELS, statisticsOf } from '../dataset/normalisation.ts';
import { gatherBytes, lookUpBytes, numbersOfBytes } from '../runtime/bytes.ts';
import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { GraphProgram } from '../runtime/graph/program.ts';
import type { TensorType } from '../runtime/graph/session-variables.ts';
import type { ResourceVariable } from '../runtime/resource-variable.ts';
import type { Tensor, TensorFlowJs } from '../runtime/tensor.ts';
import { BatchReader } from './batch-reader.ts';
import type { BatchTensors } from './step.ts';
import { vectorOf } from './step-feeds.ts';

/** Inputs of a recorded function that takes a batch; it may have others. */
export type BatchInputs = Readonly<Record<string, Tensor>>;

/** Pixels and labels of a data set, as variables of a graph. */
export class GraphDataset {
  readonly #tf: TensorFlowJs;
  readonly #program: GraphProgram;
  readonly #dataset: Dataset;
  /** Reads what the steps are fed. */
  readonly reader: BatchReader;
  /** Undefined if they are fed. */
  readonly #pixels: ResourceVariable | undefined;
  /** The bytes of each label, the lower first: one of each, or two where there are more than 256 classes. */
  readonly #labels: readonly ResourceVariable[];
  readonly #normalisation: Normalisation;

  constructor(tf: TensorFlowJs, program: GraphProgram, dataset: Dataset, normalisation: Normalisation) {
    const { count, height, width, channels, pixels, labels } = dataset;
    this.#tf = tf;
    this.#program = program;
    this.#dataset = dataset;
    this.reader = new BatchReader(dataset);
    this.#normalisation = normalisation;
    const bytes = (name: string, shape: number[], data: Uint8Array) =>
      program.variable(variableName(name), { dtype: 'uint8', shape }, data);
    if (pixels instanceof Uint8Array) this.#pixels = bytes('images', [count, height, width, channels], pixels);
    // TensorFlow's GPU build gathers numbers of 8 bits, but none of 16.
    const labelBytes =
      labels instanceof Uint8Array
        ? [labels]
        : [0, 8].map((shift) => Uint8Array.from(labels, (label) => label >> shift));
    this.#labels = labelBytes.map((data, index) => bytes(index === 0 ? 'labels' : 'labels-high', [count], data));
  }

  /** Takes the pixels of the data set again, which must be in memory: runs that begin later see them. */
  uploadImages(): void {
    const { pixels } = this.#dataset;
    if (!(pixels instanceof Uint8Array)) throw new Error('the pixels are not in memory');
    void this.#program.assign(new Map([[variableName('images'), pixels]]));
  }

  /** Types of what `batch` takes, for `count` images. */
  inputTypes(count: number): Readonly<Record<string, TensorType>> {
    const { height, width, channels } = this.#dataset;
    const images: TensorType = { dtype: 'uint8', shape: [count, height, width, channels] };
    return { indices: { dtype: 'int32', shape: [count] }, ...(this.#pixels ? {} : { images }) };
  }

  /**
   * Values of what `batch` takes.
   *
   * @throws UserError (io) if a file of pixels cannot be read
   */
  async feeds(indices: Int32Array): Promise<Readonly<Record<string, HostTensor>>> {
    if (this.#pixels) return { indices: vectorOf(indices) };
    const { height, width, channels } = this.#dataset;
    const { pixels } = await this.reader.take(indices);
    const images: HostTensor = { dtype: 'uint8', shape: [indices.length, height, width, channels], data: pixels };
    return { indices: vectorOf(indices), images };
  }

  /**
   * Gathers a batch, in a recording. It is normalised by looking each byte up: every device computes the same bits as
   * `gatherPixels` on the host.
   *
   * @param inputs see `inputTypes`
   */
  batch({ indices, images }: BatchInputs): BatchTensors {
    const tf = this.#tf;
    if (indices === undefined) throw new Error('a batch without indices');
    const bytes = this.#pixels ? gatherBytes(tf, this.#pixels, indices) : numbersOfBytes(tf, images as Tensor);
    const [low, high] = this.#labels.map((part) => gatherBytes(tf, part, indices)); // [B], int32
    if (low === undefined) throw new Error('a data set without labels');
    const labels = high === undefined ? low : tf.add(low, tf.mul(high, tf.scalar(256, 'int32')));
    return { pixels: this.#normalised(bytes), labels };
  }

  /** @param bytes [B, H, W, C], int32 */
  #normalised(bytes: Tensor): Tensor {
    const tf = this.#tf;
    const [table, ...others] = normalisedBytes(this.#normalisation);
    if (table && others.length === 0) return lookUpBytes(tf, table, bytes);
    const { means, stds } = statisticsOf(this.#normalisation); // [C]
    return tf.div(tf.sub(lookUpBytes(tf, PIXELS, bytes), tf.tensor1d(means)), tf.tensor1d(stds));
  }
}

function variableName(part: string): string {
  return `data/${part}`;
}
