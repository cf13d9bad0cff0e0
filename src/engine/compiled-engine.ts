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
import type { Part } from './peers/part.ts';
import type { Agreement } from './peers/peers.ts';
import { type CutBatch, Workers } from './peers/workers.ts';
import { evaluationStep, trainingStep } from './step.ts';
import { feedsOf, type ImageNumbers, stepInputsOf, stepName, typesOf } from './step-feeds.ts';
import { type StepScalars, TrainedModel } from './trained-model.ts';

/** Runs each step as one graph; needs the TensorFlow backend. With peers, each takes its part of every batch. */
export class CompiledEngine implements Engine {
  readonly agreement?: Agreement;
  readonly #runtime: Runtime;
  readonly #source: EngineSource;
  readonly #program: GraphProgram;
  readonly #trained: TrainedModel;
  readonly #dataset: GraphDataset;
  readonly #workers: Workers | undefined;
  readonly #joined: JoinedStep | undefined;
  #totals: GraphTotals | undefined; // made for training; evaluation alone needs none
  /** Number of images trained on since the epoch began. */
  #epochCount = 0;

  /** Needs the TensorFlow backend. */
  constructor(runtime: Runtime, source: EngineSource) {
    this.#runtime = runtime;
    this.#source = source;
    const { peers } = source;
    this.#workers = peers && new Workers(peers);
    this.#program = new GraphProgram(runtime.tf, this.#workers?.place);
    this.#joined = peers && new JoinedStep(runtime.tf, peers);
    const ops = this.#joined?.opsOf(this.#program.ops) ?? this.#program.ops;
    this.#trained = new TrainedModel({ ...runtime, ops }, source);
    if (this.#workers) this.agreement = this.#workers.agreement((mine) => this.#decide(mine));
    this.#dataset = new GraphDataset(runtime.tf, this.#program, source.dataset, this.#trained.normalisation);
  }

  get step(): number {
    return this.#trained.step;
  }

  get waitedSeconds(): number {
    return this.#dataset.reader.waitedSeconds;
  }

  expect(indices: Int32Array): void {
    this.#dataset.reader.expect(this.#cut(indices).indices);
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
    const outputs = await this.#run(name, feeds, this.#workers ? ['nonFinite'] : []);
    this.#workers?.alarm(outputs.nonFinite);
    this.#countStep(indices, step);
  }

  /**
   * Takes one training step as `train` does, and traces it.
   *
   * @returns times of the ops, by device
   */
  async traceTraining(indices: Int32Array, learningRate: number): Promise<readonly DeviceTrace[]> {
    const { name, step, feeds } = await this.#nextStep(indices, learningRate);
    const run = () => this.#program.trace(name, feeds);
    const trace = await (this.#workers?.joined(run) ?? run());
    this.#countStep(indices, step);
    return trace;
  }

  async report(): Promise<TrainingReport> {
    return this.#prepareTraining().report(this.#epochCount, this.#workers?.peers.rank);
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
    this.#totals ??= new GraphTotals(this.#program, this.#trained.step, this.#workers?.peers.count);
    return this.#totals;
  }

  /** Evaluates a batch; runs only the nodes that the wanted outputs depend on. */
  async #runEvaluation<Wanted extends keyof ReturnType<typeof evaluationStep>>(
    indices: Int32Array,
    wanted: readonly Wanted[],
  ): Promise<Record<Wanted, HostTensor>> {
    const { part, indices: own } = this.#cut(indices);
    const feeds = { ...(own.length > 0 ? await this.#dataset.feeds(own) : {}), ...this.#workers?.stopFeed() };
    const name = `evaluate_${own.length}${part ? `_of_${part.whole}` : ''}`;
    if (!this.#program.has(name)) {
      this.#program.add(name, typesOf(feeds), ({ stop, ...inputs }) => {
        const evaluated =
          own.length > 0 ? evaluationStep(this.#trained.evaluated, this.#dataset.batch(inputs)) : undefined;
        if (!this.#joined || !part || !stop) return evaluated as NonNullable<typeof evaluated>;
        this.#joined.begin(part);
        return this.#joined.evaluation(evaluated, this.#source.dataset.classes, stop);
      });
    }
    return this.#run(name, feeds, wanted);
  }

  /** A worker's part of a batch; the whole batch, and no part, where there are no peers. */
  #cut(indices: Int32Array, changes?: ImageChanges): Partial<Pick<CutBatch, 'part'>> & Omit<CutBatch, 'part'> {
    return this.#workers?.cut(indices, changes) ?? { indices, changes };
  }

  /** Runs a recording that all workers take. */
  async #run<Wanted extends string>(
    name: string,
    feeds: Readonly<Record<string, HostTensor>>,
    wanted: readonly Wanted[],
  ): Promise<Record<Wanted, HostTensor>> {
    const workers = this.#workers;
    if (!workers) return this.#program.run(name, feeds, wanted);
    const outputs = await workers.joined(() => this.#program.run(name, feeds, [...wanted, 'stops']));
    workers.heard(outputs.stops);
    return outputs;
  }

  async #decide(mine: boolean): Promise<boolean> {
    const joined = this.#joined;
    const feeds = { answer: { dtype: 'float32', shape: [], data: Float32Array.of(mine ? 1 : 0) } } as const;
    if (joined && !this.#program.has('decide')) {
      this.#program.add('decide', typesOf(feeds), ({ answer }) => ({ first: joined.first(answer as Tensor) }));
    }
    const answers = await this.#workers?.joined(() => this.#program.run('decide', feeds, ['first']));
    return Number(answers?.first.data[0]) > 0;
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
    const { part, indices: own, changes: ownChanges } = this.#cut(indices, changes);
    const weightsOf = (images: Int32Array) =>
      weightsOfImages(this.#source.dataset.labels, images, this.#trained.classWeights);
    const weights = weightsOf(own);
    const weightSum = part && weights && Float32Array.of(sumOf(weightsOf(indices)));
    const numbers: ImageNumbers = { ...ownChanges, weights, weightSum };
    const frozen = this.#trained.frozen.parts.size > 0 ? '_frozen' : '';
    const name = `${stepName(own.length, numbers)}${part ? `_of_${part.whole}` : ''}${frozen}`;
    const step = this.#trained.nextStep(learningRate);
    const feeds = {
      ...(await this.#dataset.feeds(own)),
      ...feedsOf(own.length, step, numbers),
      ...this.#workers?.stopFeed(),
    };
    if (!this.#program.has(name)) this.#record(name, { part, count: indices.length }, step, feeds);
    return { name, step, feeds };
  }

  /**
   * Records the training step.
   *
   * @param batch this worker's part, and the images of the whole batch
   * @param step its names count here, not its values
   * @param feeds their types count here, not their values
   */
  #record(
    name: string,
    { part, count }: { readonly part: Part | undefined; readonly count: number },
    step: StepScalars,
    feeds: Readonly<Record<string, HostTensor>>,
  ): void {
    const totals = this.#prepareTraining();
    const { tf } = this.#runtime;
    this.#program.add(name, typesOf(feeds), ({ stop, ...fed }): Record<string, Tensor> => {
      const batch = this.#dataset.batch(fed);
      const inputs = stepInputsOf(step, fed);
      if (!this.#joined || !part || !stop) {
        totals.add(tf, count, trainingStep(this.#trained, batch, inputs));
        return {};
      }
      this.#joined.begin(part);
      const own = trainingStep(this.#trained, batch, inputs, this.#joined);
      const { stops, nonFinite, ...sums } = this.#joined.sums(own, stop);
      totals.add(tf, count, sums, nonFinite);
      return { stops, nonFinite };
    });
  }

  /** Counts a step that has been taken on these images. */
  #countStep(indices: Int32Array, step: StepScalars): void {
    this.#trained.countStep(step);
    this.#epochCount += indices.length;
  }
}

function sumOf(values: Float32Array | undefined): number {
  return [...(values ?? [])].reduce((sum, value) => sum + value, 0);
}
