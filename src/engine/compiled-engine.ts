/**
 * The engine that records the step as a graph and runs it inside TensorFlow, with one native call a step. Weights,
 * Adam's moments, running statistics, the data set and the sums of losses and of correct predictions live in the graph:
 * the call passes indices and a few scalars.
 */
import type { ImageChanges } from '../dataset/augmentation.ts';
import type { Frozen, ModelState } from '../model/model.ts';
import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { GraphNode } from '../runtime/graph/graph-def.ts';
import { GraphProgram } from '../runtime/graph/program.ts';
import type { DeviceTrace } from '../runtime/graph/session-messages.ts';
import type { Runtime } from '../runtime/open.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { weightsOfImages } from './class-weights.ts';
import { EMPTY_SUMS, type Engine, type EngineSource, type EvaluatedBatch, type TrainingReport } from './engine.ts';
import { GraphDataset } from './graph-dataset.ts';
import { GraphTotals } from './graph-totals.ts';
import { JoinedStep } from './peers/joined-step.ts';
import type { Agreement } from './peers/peers.ts';
import { Workers } from './peers/workers.ts';
import { evaluationStep, trainingStep } from './step.ts';
import { feedsOf, type ImageNumbers, stepInputsOf, stepName, typesOf } from './step-feeds.ts';
import { type StepScalars, TrainedModel } from './trained-model.ts';

/** Runs each step as one graph; needs the TensorFlow backend. */
export class CompiledEngine implements Engine {
  readonly #runtime: Runtime;
  readonly #source: EngineSource;
  readonly #program: GraphProgram;
  readonly #trained: TrainedModel;
  readonly #dataset: GraphDataset;
  #totals: GraphTotals | undefined; // made for training; evaluation alone needs none
  /** Number of images trained on since the epoch began. */
  #epochCount = 0;

  /** Needs the TensorFlow backend. */
  constructor(runtime: Runtime, source: EngineSource) {
    this.#runtime = runtime;
    this.#source = source;
    this.#program = new GraphProgram(runtime.tf);
    this.#trained = new TrainedModel({ ...runtime, ops: this.#program.ops }, source);
    this.#dataset = new GraphDataset(runtime.tf, this.#program, source.dataset, this.#trained.normalisation);
  }

  get step(): number {
    return this.#trained.step;
  }

  get waitedSeconds(): number {
    return this.#dataset.reader.waitedSeconds;
  }

  expect(indices: Int32Array): void {
    this.#dataset.reader.expect(indices);
  }

  async startEpoch(sums = EMPTY_SUMS): Promise<void> {
    this.#epochCount = sums.count;
    void this.#prepareTraining().begin(sums); // not awaited: the first step is recorded meanwhile
  }

  thaw(): boolean {
    return this.#trained.thaw();
  }

  async train(indices: Int32Array, learningRate: number, changes?: ImageChanges): Promise<void> {
    const { name, step, feeds } = await this.#nextStep(indices, learningRate, changes);
    await this.#program.run(name, feeds);
    this.#countStep(indices, step);
  }

  /**
   * Takes one training step as `train` does, and traces it.
   *
   * @returns times of the ops, by device
   */
  async traceTraining(indices: Int32Array, learningRate: number): Promise<readonly DeviceTrace[]> {
    const { name, step, feeds } = await this.#nextStep(indices, learningRate);
    const trace = await this.#program.trace(name, feeds);
    this.#countStep(indices, step);
    return trace;
  }

  async report(): Promise<TrainingReport> {
    return this.#prepareTraining().report(this.#epochCount);
  }

  async evaluate(indices: Int32Array): Promise<EvaluatedBatch> {
    const { lossSum, correct, logits } = await this.#runEvaluation(indices, ['lossSum', 'correct', 'logits']);
    return {
      count: indices.length,
      lossSum: Number(lossSum.data[0]),
      correct: Number(correct.data[0]),
      logits: logits.data as Float32Array,
    };
  }

  async logits(indices: Int32Array): Promise<Float32Array> {
    const { logits } = await this.#runEvaluation(indices, ['logits']);
    return logits.data as Float32Array;
  }

  imagesChanged(): void {
    this.#dataset.uploadImages();
  }

  /** Every node recorded so far. */
  nodes(): readonly GraphNode[] {
    return this.#program.nodes();
  }

  async state(): Promise<ModelState> {
    const names = [...this.#trained.variables().keys()];
    const read = await this.#program.read(names); // one run for all of them
    return this.#trained.stateOf({ get: (name) => read.get(name)?.data as Float32Array | undefined });
  }

  dispose(): void {
    this.#program.close();
  }

  /** Makes the variables of training: none can be made inside a recording. */
  #prepareTraining(): GraphTotals {
    this.#trained.moments();
    this.#totals ??= new GraphTotals(this.#program, this.#trained.step);
    return this.#totals;
  }

  /** Evaluates a batch; runs only the nodes that the wanted outputs depend on. */
  async #runEvaluation<Wanted extends keyof ReturnType<typeof evaluationStep>>(
    indices: Int32Array,
    wanted: readonly Wanted[],
  ): Promise<Record<Wanted, HostTensor>> {
    const name = `evaluate_${indices.length}`;
    if (!this.#program.has(name)) {
      this.#program.add(name, this.#dataset.inputTypes(indices.length), (inputs) => {
        return evaluationStep(this.#trained.evaluated, this.#dataset.batch(inputs));
      });
    }
    return this.#program.run(name, await this.#dataset.feeds(indices), wanted);
  }

  /**
   * Computes what depends on frozen parameters alone, such as kernels as their convolutions multiply by them, and keeps it
   * in variables: a step of ResNet-18 with a frozen body takes an eighth less time.
   */
  async #keepConstants(): Promise<void> {
    const { model, frozen } = this.#trained;
    if (frozen.parts.size === 0 || frozen.constant) return;
    const names: string[] = [];
    const { channels, height, width } = this.#source.dataset;
    const type = { dtype: 'float32', shape: [1, height, width, channels] } as const;
    this.#program.add('constants', { image: type }, ({ image }) => {
      const values: Record<string, Tensor> = {};
      const constant: Frozen['constant'] = (name, compute) => {
        values[name] = compute();
        return values[name];
      };
      model.logits(image, false, undefined, { ...frozen, constant });
      names.splice(0, names.length, ...Object.keys(values)); // it is recorded twice
      return values;
    });
    const image = { ...type, data: new Float32Array(height * width * channels) }; // no constant depends on it
    const values = await this.#program.run('constants', { image }, names);
    const variables = new Map(
      names.map((name) => {
        const { dtype, shape, data } = values[name] as HostTensor;
        return [name, this.#program.variable(`constant/${name}`, { dtype, shape }, data)];
      }),
    );
    this.#trained.constant = (name, compute) => variables.get(name)?.read() ?? compute();
  }

  /** The next step: its scalars, what it is fed, and the name of its recording, which is made if there is none yet. */
  async #nextStep(indices: Int32Array, learningRate: number, changes?: ImageChanges) {
    await this.#keepConstants();
    const weights = weightsOfImages(this.#source.dataset.labels, indices, this.#trained.classWeights);
    const numbers: ImageNumbers = { ...changes, weights };
    const frozen = this.#trained.frozen.parts.size > 0;
    const name = `${stepName(indices.length, numbers)}${frozen ? '_frozen' : ''}`;
    const step = this.#trained.nextStep(learningRate);
    const feeds = { ...(await this.#dataset.feeds(indices)), ...feedsOf(indices.length, step, numbers) };
    if (!this.#program.has(name)) this.#record(name, indices.length, step, feeds);
    return { name, step, feeds };
  }

  /**
   * Records the training step.
   *
   * @param step its names count here, not its values
   * @param feeds their types count here, not their values
   */
  #record(name: string, count: number, step: StepScalars, feeds: Readonly<Record<string, HostTensor>>): void {
    const totals = this.#prepareTraining();
    this.#program.add(name, typesOf(feeds), (fed) => {
      const batch = this.#dataset.batch(fed);
      totals.add(this.#runtime.tf, count, trainingStep(this.#trained, batch, stepInputsOf(step, fed)));
      return {};
    });
  }

  /** Counts a step that has been taken on these images. */
  #countStep(indices: Int32Array, step: StepScalars): void {
    this.#trained.countStep(step);
    this.#epochCount += indices.length;
  }
}
