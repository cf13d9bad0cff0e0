/** The steps recorded and run as graphs inside TensorFlow, one native call each. */

import type { HostTensor } from '../runtime/graph/data-types.ts';
import { GraphProgram } from '../runtime/graph/program.ts';
import type { Tensor, Variable } from '../runtime/tensor.ts';
import { adamStep } from './adam.ts';
import type { Model, ModelState } from './model.ts';
import { evaluationStep, type Moments, trainingStep } from './step.ts';
import { type Batch, type BatchResult, type ImageShape, initialMoments, type Steps } from './steps.ts';

export class CompiledSteps implements Steps {
  readonly #model: Model;
  readonly #image: ImageShape;
  readonly #moments: Moments;
  readonly #program: GraphProgram;
  #step = 0;

  private constructor(model: Model, image: ImageShape, moments: Moments, program: GraphProgram) {
    this.#model = model;
    this.#image = image;
    this.#moments = moments;
    this.#program = program;
  }

  /** Takes over the model's values; from here on only `state` tells them. Needs the TensorFlow backend. */
  static async open(model: Model, image: ImageShape): Promise<CompiledSteps> {
    const moments = initialMoments(model);
    const variables = new Map<string, Variable>(model.variables());
    for (const [name, { first, second }] of moments) {
      variables.set(`${name}/adam/first`, first);
      variables.set(`${name}/adam/second`, second);
    }
    return new CompiledSteps(model, image, moments, await GraphProgram.open(model.runtime.tf, variables));
  }

  get step(): number {
    return this.#step;
  }

  async train(batch: Batch, learningRate: number): Promise<BatchResult> {
    this.#step += 1;
    this.#model.batchesTracked += 1;
    const scalars = adamStep(this.#step, learningRate);
    const inputs = { ...this.#batchInputs(batch), ...mapScalars(scalars) };
    const name = `train_${batch.labels.length}`;
    if (!this.#program.has(name)) {
      const examples = () => ({ ...this.#exampleBatch(batch.labels.length), ...mapScalars(adamStep(++calls, calls)) });
      let calls = 0;
      this.#program.add(name, examples, (tensors) => {
        const { pixels, labels, learningRate, beta1Power, beta2Power, epsilon } = tensors as Record<string, Tensor> &
          Record<keyof typeof inputs, Tensor>;
        const scalars = { learningRate, beta1Power, beta2Power, epsilon };
        return trainingStep(this.#model, this.#moments, { pixels, labels }, scalars);
      });
    }
    return this.#run(name, inputs, batch.labels.length);
  }

  async evaluate(batch: Batch): Promise<BatchResult> {
    const name = `evaluate_${batch.labels.length}`;
    if (!this.#program.has(name)) {
      this.#program.add(
        name,
        () => this.#exampleBatch(batch.labels.length),
        (tensors) => {
          const { pixels, labels } = tensors as Record<'pixels' | 'labels', Tensor>;
          return evaluationStep(this.#model, { pixels, labels });
        },
      );
    }
    return this.#run(name, this.#batchInputs(batch), batch.labels.length);
  }

  async state(): Promise<ModelState> {
    return this.#model.stateOf(await this.#program.read());
  }

  dispose(): void {
    this.#program.close();
    for (const { first, second } of this.#moments.values()) {
      first.dispose();
      second.dispose();
    }
  }

  async #run(name: string, inputs: Record<string, HostTensor>, images: number): Promise<BatchResult> {
    const { lossSum, hits } = await this.#program.run(name, inputs);
    return { images, lossSum: Number(lossSum?.data[0]), hits: Number(hits?.data[0]) };
  }

  #batchInputs({ pixels, labels }: Batch): Record<'pixels' | 'labels', HostTensor> {
    return {
      pixels: { dtype: 'float32', shape: [labels.length, ...this.#image], data: pixels },
      labels: { dtype: 'int32', shape: [labels.length], data: labels },
    };
  }

  /** Random images and labels: recording must not depend on what it sees. */
  #exampleBatch(images: number): Record<'pixels' | 'labels', HostTensor> {
    const size = this.#image.reduce((product, side) => product * side, images);
    return this.#batchInputs({
      pixels: Float32Array.from({ length: size }, () => 2 * Math.random() - 1),
      labels: Int32Array.from({ length: images }, () => Math.floor(10 * Math.random()) % this.#model.classes),
    });
  }
}

function mapScalars<K extends string>(values: Readonly<Record<K, number>>): Record<K, HostTensor> {
  const entries = Object.entries(values) as [K, number][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, { dtype: 'float32', shape: [], data: Float32Array.of(value) }]),
  ) as unknown as Record<K, HostTensor>;
}
