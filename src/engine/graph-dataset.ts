/** A data set inside a graph. A step is given indices only, and gathers its batch there. */

import type { Dataset } from '../dataset/dataset.ts';
import { type Normalisation, normalisedBytes, PIXELS, statisticsOf } from '../dataset/normalisation.ts';
import { gatherBytes, lookUpBytes } from '../runtime/bytes.ts';
import type { GraphProgram } from '../runtime/graph/program.ts';
import type { ResourceVariable } from '../runtime/resource-variable.ts';
import type { Tensor, TensorFlowJs } from '../runtime/tensor.ts';
import type { BatchTensors } from './step.ts';

/** Pixels and labels of a data set, as variables of a graph. */
export class GraphDataset {
  readonly #tf: TensorFlowJs;
  readonly #program: GraphProgram;
  readonly #dataset: Dataset;
  readonly #pixels: ResourceVariable;
  /** The bytes of each label, the lower first: one of each, or two where there are more than 256 classes. */
  readonly #labels: readonly ResourceVariable[];
  readonly #normalisation: Normalisation;

  constructor(tf: TensorFlowJs, program: GraphProgram, dataset: Dataset, normalisation: Normalisation) {
    const { count, height, width, channels, pixels, labels } = dataset;
    this.#tf = tf;
    this.#program = program;
    this.#dataset = dataset;
    this.#normalisation = normalisation;
    const bytes = (name: string, shape: number[], data: Uint8Array) =>
      program.variable(variableName(name), { dtype: 'uint8', shape }, data);
    this.#pixels = bytes('images', [count, height, width, channels], pixels);
    // TensorFlow's GPU build gathers numbers of 8 bits, but none of 16.
    const labelBytes =
      labels instanceof Uint8Array
        ? [labels]
        : [0, 8].map((shift) => Uint8Array.from(labels, (label) => label >> shift));
    this.#labels = labelBytes.map((data, index) => bytes(index === 0 ? 'labels' : 'labels-high', [count], data));
  }

  /** Takes the pixels of the data set again: runs that begin later see them. */
  uploadImages(): void {
    void this.#program.assign(new Map([[variableName('images'), this.#dataset.pixels]]));
  }

  /**
   * Gathers a batch, in a recording. It is normalised by looking each byte up: every device computes the same bits as
   * `gatherPixels` on the host.
   *
   * @param indices [batch], int32
   */
  batch(indices: Tensor): BatchTensors {
    const tf = this.#tf;
    const bytes = gatherBytes(tf, this.#pixels, indices); // [B, H, W, C], uint8
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
