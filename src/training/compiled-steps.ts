/** The steps recorded and run as graphs inside TensorFlow, one native call each. */

import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { GraphNode } from '../runtime/graph/graph-def.ts';
import { GraphProgram } from '../runtime/graph/program.ts';
import type { Variable } from '../runtime/tensor.ts';
import { type AdamStep, adamStep } from './adam.ts';
import type { Model, ModelState } from './model.ts';
import { evaluationStep, type Moments, trainingStep } from './step.ts';
import { type Batch, type BatchResult, disposeMoments, type ImageShape, initialMoments, type Steps } from './steps.ts';

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
    const images = batch.labels.length;
    const name = `train_${images}`;
    if (!this.#program.has(name)) {
      let step = 0;
      this.#program.add(
        name,
        () => ({ ...this.#exampleBatch(images), ...scalarsOf(adamStep(++step, step / 10)) }),
        ({ pixels, labels, ...scalars }) => trainingStep(this.#model, this.#moments, { pixels, labels }, scalars),
      );
    }
    this.#step += 1;
    this.#model.batchesTracked += 1;
    return this.#run(name, { ...this.#batchInputs(batch), ...scalarsOf(adamStep(this.#step, learningRate)) }, images);
  }

  async evaluate(batch: Batch): Promise<BatchResult> {
    const images = batch.labels.length;
    const name = `evaluate_${images}`;
    if (!this.#program.has(name)) {
      this.#program.add(
        name,
        () => this.#exampleBatch(images),
        (tensors) => evaluationStep(this.#model, tensors),
      );
    }
    return this.#run(name, this.#batchInputs(batch), images);
  }

  /** Every node of what has been recorded so far. */
  nodes(): readonly GraphNode[] {
    return this.#program.nodes();
  }

  async state(): Promise<ModelState> {
    return this.#model.stateOf(await this.#program.read());
  }

  dispose(): void {
    this.#program.close();
    disposeMoments(this.#moments);
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
      labels: Int32Array.from({ length: images }, () => Math.floor(this.#model.classes * Math.random())),
    });
  }
}

/** Each number of a step as a tensor that the graph is fed. */
function scalarsOf(step: AdamStep): Record<keyof AdamStep, HostTensor> {
  const scalar = (value: number): HostTensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
  return {
    learningRate: scalar(step.learningRate),
    beta1Power: scalar(step.beta1Power),
    beta2Power: scalar(step.beta2Power),
    epsilon: scalar(step.epsilon),
  };
}
