/**
 * The steps recorded and run as graphs inside TensorFlow, one native call each. Weights, Adam's moments, running
 * statistics, the data set and the sums of losses and hits live in the graph: a step is given indices and four numbers.
 */
import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { GraphNode } from '../runtime/graph/graph-def.ts';
import { GraphProgram } from '../runtime/graph/program.ts';
import type { DeviceTrace } from '../runtime/graph/session-messages.ts';
import type { Runtime } from '../runtime/open.ts';
import { type AdamStep, adamStep } from './adam.ts';
import { GraphDataset } from './graph-dataset.ts';
import { GraphTotals } from './graph-totals.ts';
import { Model, type ModelState, type OptimizerState, type Values } from './model.ts';
import { evaluationStep, type Moments, makeMoments, momentName, trainingStep } from './step.ts';
import { type BatchResult, NO_IMAGES, type Steps, type StepsSource, type TrainingReport } from './steps.ts';

const MOMENTS = ['first', 'second'] as const;

export class CompiledSteps implements Steps {
  readonly #program: GraphProgram;
  readonly #model: Model;
  readonly #dataset: GraphDataset;
  readonly #optimizer: OptimizerState | undefined;
  #training: { moments: Moments; totals: GraphTotals } | undefined; // made by the first epoch, for those who only evaluate
  #step: number;
  #epochImages = 0;

  /** Needs the TensorFlow backend. */
  constructor(runtime: Runtime, { network, parameters, state, dataset }: StepsSource) {
    this.#program = new GraphProgram(runtime.tf);
    this.#model = new Model({ ...runtime, ops: this.#program.ops }, network, parameters, state);
    this.#dataset = new GraphDataset(runtime.tf, this.#program, dataset);
    this.#optimizer = state.optimizer;
    this.#step = state.optimizer?.step ?? 0;
  }

  get step(): number {
    return this.#step;
  }

  async startEpoch(sums = NO_IMAGES): Promise<void> {
    this.#epochImages = sums.images;
    void this.#prepareTraining().totals.begin(sums); // while the first step is recorded, if it has not been yet
  }

  async train(images: Int32Array, learningRate: number): Promise<void> {
    await this.#program.run(this.#trainingSignature(images.length), this.#trainingInputs(images, learningRate));
    this.#step += 1;
    this.#epochImages += images.length;
    this.#model.batchesTracked += 1;
  }

  /** One step, which counts like every other, for the times that its ops took. */
  async traceTraining(images: Int32Array, learningRate: number): Promise<readonly DeviceTrace[]> {
    const name = this.#trainingSignature(images.length);
    const trace = await this.#program.trace(name, this.#trainingInputs(images, learningRate));
    this.#step += 1;
    this.#epochImages += images.length;
    this.#model.batchesTracked += 1;
    return trace;
  }

  async report(): Promise<TrainingReport> {
    return this.#prepareTraining().totals.report(this.#epochImages);
  }

  async evaluate(images: Int32Array): Promise<BatchResult> {
    const name = `evaluate_${images.length}`;
    if (!this.#program.has(name)) {
      this.#program.add(name, { images: { dtype: 'int32', shape: [images.length] } }, (inputs) => {
        return evaluationStep(this.#model, this.#dataset.batch(inputs.images));
      });
    }
    const { lossSum, hits } = await this.#program.run(name, { images: vectorOf(images) }, ['lossSum', 'hits']);
    return { images: images.length, lossSum: Number(lossSum.data[0]), hits: Number(hits.data[0]) };
  }

  /** Every node of what has been recorded so far. */
  nodes(): readonly GraphNode[] {
    return this.#program.nodes();
  }

  async state(): Promise<ModelState> {
    const trained = [...(this.#training?.moments.keys() ?? [])];
    const moments = MOMENTS.flatMap((which) => trained.map((name) => momentName(name, which)));
    const read = await this.#program.read([...this.#model.variables().keys(), ...moments]); // all at once: one run
    const valuesOf = (variable: (parameter: string) => string): Values => ({
      get: (name) => read.get(variable(name))?.data as Float32Array | undefined,
    });
    const state = this.#model.stateOf(valuesOf((name) => name));
    if (!this.#training) return state;
    const momentsOf = (which: 'first' | 'second') => this.#model.onHost(valuesOf((name) => momentName(name, which)));
    return { ...state, optimizer: { step: this.#step, first: momentsOf('first'), second: momentsOf('second') } };
  }

  dispose(): void {
    this.#program.close();
  }

  #prepareTraining(): { moments: Moments; totals: GraphTotals } {
    this.#training ??= {
      moments: makeMoments(this.#model, this.#optimizer),
      totals: new GraphTotals(this.#program, this.#step),
    };
    return this.#training;
  }

  /** The name of the step for a batch of this size, recorded when it is first needed. */
  #trainingSignature(images: number): string {
    const name = `train_${images}`;
    if (this.#program.has(name)) return name;
    const { moments, totals } = this.#prepareTraining();
    const { tf } = this.#model.runtime;
    const scalar = { dtype: 'float32', shape: [] } as const;
    const scalars = { learningRate: scalar, beta1Power: scalar, beta2Power: scalar, epsilon: scalar };
    this.#program.add(name, { images: { dtype: 'int32', shape: [images] }, ...scalars }, (inputs) => {
      const batch = this.#dataset.batch(inputs.images);
      totals.add(tf, images, trainingStep(this.#model, moments, batch, inputs));
      return {};
    });
    return name;
  }

  #trainingInputs(images: Int32Array, learningRate: number): Record<string, HostTensor> {
    return { images: vectorOf(images), ...scalarsOf(adamStep(this.#step + 1, learningRate)) };
  }
}

function vectorOf(indices: Int32Array): HostTensor {
  return { dtype: 'int32', shape: [indices.length], data: indices };
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
