/**
 * The steps recorded and run as graphs inside TensorFlow, one native call each. Weights, Adam's moments, running
 * statistics, the data set and the sums of losses and of correct predictions live in the graph: a step is given indices and four numbers.
 */
import { TRANSFORM_SIZE } from '../dataset/augmentation.ts';
import { Model, type ModelState, type OptimizerState } from '../model/model.ts';
import type { Values } from '../model/parameter-layout.ts';
import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { GraphNode } from '../runtime/graph/graph-def.ts';
import { GraphProgram } from '../runtime/graph/program.ts';
import type { DeviceTrace } from '../runtime/graph/session-messages.ts';
import type { Runtime } from '../runtime/open.ts';
import type { AdamScalars } from '../runtime/ops.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { type AdamStep, adamStep } from './adam.ts';
import { DeadTaps } from './dead-taps.ts';
import { EMPTY_SUMS, type Engine, type EngineSource, type LossSums, type TrainingReport } from './engine.ts';
import { GraphDataset } from './graph-dataset.ts';
import { GraphTotals } from './graph-totals.ts';
import { type Hyperparameters, PLAIN_ADAM } from './hyperparameters.ts';
import {
  augmented,
  averagedModel,
  averageName,
  evaluationStep,
  type Moments,
  makeMoments,
  momentName,
  moveAverage,
  type StepScalars,
  trainingStep,
} from './step.ts';
import { trainingInputs, vectorOf } from './step-feeds.ts';

const MOMENTS = ['first', 'second'] as const;

/** What a recorded step is given: some only where they are used. */
type StepInputs = StepScalars & { readonly indices: Tensor; readonly transforms?: Tensor };

export class CompiledEngine implements Engine {
  readonly #program: GraphProgram;
  readonly #model: Model;
  /** What is validated instead. */
  readonly #average: Model | undefined;
  readonly #dataset: GraphDataset;
  readonly #optimizer: OptimizerState | undefined;
  readonly #hyperparameters: Hyperparameters;
  #training: { moments: Moments; totals: GraphTotals } | undefined; // made by the first epoch, for those who only evaluate
  #step: number;
  readonly #deadTaps: DeadTaps;
  #epochImages = 0;

  /** Needs the TensorFlow backend. */
  constructor(runtime: Runtime, source: EngineSource) {
    const { network, parameters, state, dataset, hyperparameters = PLAIN_ADAM } = source;
    this.#program = new GraphProgram(runtime.tf);
    const recording = { ...runtime, ops: this.#program.ops };
    this.#model = new Model(recording, network, parameters, state);
    this.#average = hyperparameters.ema === undefined ? undefined : averagedModel(recording, source);
    this.#dataset = new GraphDataset(runtime.tf, this.#program, dataset);
    this.#optimizer = state.optimizer;
    this.#hyperparameters = hyperparameters;
    this.#step = state.optimizer?.step ?? 0;
    this.#deadTaps = new DeadTaps(state);
  }

  get step(): number {
    return this.#step;
  }

  async startEpoch(sums = EMPTY_SUMS): Promise<void> {
    this.#epochImages = sums.count;
    void this.#prepareTraining().totals.begin(sums); // while the first step is recorded, if it has not been yet
  }

  async train(indices: Int32Array, learningRate: number, transforms?: Float32Array): Promise<void> {
    const step = adamStep(this.#step + 1, learningRate, this.#hyperparameters);
    const name = this.#trainingSignature(indices.length, transforms !== undefined);
    await this.#program.run(name, trainingInputs(indices, step, transforms));
    this.#count(indices, step);
  }

  /** One step, which counts like every other, for the times that its ops took. */
  async traceTraining(indices: Int32Array, learningRate: number): Promise<readonly DeviceTrace[]> {
    const name = this.#trainingSignature(indices.length, false);
    const step = adamStep(this.#step + 1, learningRate, this.#hyperparameters);
    const trace = await this.#program.trace(name, trainingInputs(indices, step));
    this.#count(indices, step);
    return trace;
  }

  async report(): Promise<TrainingReport> {
    return this.#prepareTraining().totals.report(this.#epochImages);
  }

  async evaluate(indices: Int32Array): Promise<LossSums> {
    const { lossSum, correct } = await this.#runEvaluation(indices, ['lossSum', 'correct']);
    return { count: indices.length, lossSum: Number(lossSum.data[0]), correct: Number(correct.data[0]) };
  }

  async logits(indices: Int32Array): Promise<Float32Array> {
    const { logits } = await this.#runEvaluation(indices, ['logits']);
    return logits.data as Float32Array;
  }

  /** Every node of what has been recorded so far. */
  nodes(): readonly GraphNode[] {
    return this.#program.nodes();
  }

  async state(): Promise<ModelState> {
    const trained = [...(this.#training?.moments.keys() ?? [])];
    const moments = MOMENTS.flatMap((which) => trained.map((name) => momentName(name, which)));
    const weights = [...this.#model.variables().keys()];
    const averages = this.#average ? weights.map(averageName) : [];
    const read = await this.#program.read([...weights, ...moments, ...averages]); // all at once: one run
    const valuesOf = (variable: (parameter: string) => string): Values => ({
      get: (name) => read.get(variable(name))?.data as Float32Array | undefined,
    });
    const state = this.#model.stateOf(valuesOf((name) => name));
    if (!this.#training) return state;
    const momentsOf = (which: 'first' | 'second') => this.#model.onHost(valuesOf((name) => momentName(name, which)));
    const place = { step: this.#step, deadWeightScale: this.#deadTaps.deadWeightScale };
    const optimizer = { ...place, first: momentsOf('first'), second: momentsOf('second') };
    const values = this.#average?.stateOf(valuesOf(averageName)).values;
    return {
      ...state,
      optimizer,
      ...(values ? { averaged: { values, deadWeightScale: this.#deadTaps.averaged } } : {}),
    };
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

  /** Runs what leads to the wanted outputs; the rest costs nothing. */
  #runEvaluation<Wanted extends keyof ReturnType<typeof evaluationStep>>(
    indices: Int32Array,
    wanted: readonly Wanted[],
  ): Promise<Record<Wanted, HostTensor>> {
    const name = `evaluate_${indices.length}`;
    if (!this.#program.has(name)) {
      this.#program.add(name, { indices: { dtype: 'int32', shape: [indices.length] } }, (inputs) => {
        return evaluationStep(this.#average ?? this.#model, this.#dataset.batch(inputs.indices));
      });
    }
    return this.#program.run(name, { indices: vectorOf(indices) }, wanted);
  }

  /** The name of the step for a batch of this size, recorded when it is first needed. */
  #trainingSignature(count: number, transformed: boolean): string {
    const name = `train_${count}${transformed ? '_augmented' : ''}`;
    if (this.#program.has(name)) return name;
    const { moments, totals } = this.#prepareTraining();
    const { tf } = this.#model.runtime;
    const scalar = { dtype: 'float32', shape: [] } as const;
    const scalars = { learningRate: scalar, beta1Power: scalar, beta2Power: scalar, epsilon: scalar };
    const decay = this.#hyperparameters.weightDecay > 0 ? { decay: scalar } : {};
    const averaging = this.#average ? { averaging: scalar } : {};
    const transforms = transformed ? { transforms: { dtype: 'float32', shape: [count, TRANSFORM_SIZE] } as const } : {};
    const types = {
      indices: { dtype: 'int32', shape: [count] },
      ...scalars,
      ...decay,
      ...averaging,
      ...transforms,
    } as const;
    this.#program.add<'indices' | keyof AdamScalars>(name, types, (inputs: StepInputs) => {
      const plain = this.#dataset.batch(inputs.indices);
      const batch = inputs.transforms ? augmented(this.#model, plain, inputs.transforms) : plain;
      totals.add(tf, count, trainingStep(this.#model, moments, batch, inputs, this.#hyperparameters));
      if (this.#average && inputs.averaging) moveAverage(this.#model, this.#average, inputs.averaging);
      return {};
    });
    return name;
  }

  /** A step that was taken. */
  #count(indices: Int32Array, step: AdamStep): void {
    this.#step += 1;
    this.#deadTaps.count(step);
    this.#epochImages += indices.length;
    this.#model.batchesTracked += 1;
  }
}
