/** The training loop: epochs of seeded batches, validation after each. Emits events, prints nothing. */
import { setImmediate } from 'node:timers/promises';
import { type BestEpoch, improves, type Progress } from '../checkpoint/progress.ts';
import { drawTransforms } from '../dataset/augmentation.ts';
import { batchesOf } from '../dataset/batches.ts';
import { EMPTY_SUMS, type Engine, type TrainingReport } from '../engine/engine.ts';
import { ExitCode, UserError } from '../errors.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { type Metrics, meanOf } from '../evaluation/metrics.ts';
import { RandomGenerator } from '../random.ts';
import { type EpochTime, EpochTimes } from './epoch-times.ts';
import type { EpochEvent, TrainingEvent } from './events.ts';
import { learningRateAt } from './schedule.ts';
import { type EarlyEnd, isOutOfPatience, type TrainingPlan } from './training-plan.ts';

/** Time between two reports to someone who looks on, in milliseconds. */
const WATCH_INTERVAL = 500;

export interface TrainingHooks {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Someone looks on, and is told how it goes twice a second. */
  readonly watched: boolean;
  /**
   * Called after each epoch, behind its event; every `saveInterval` steps; and when training is stopped by `signal`.
   * Training goes on when it resolves.
   *
   * @param epoch the epoch that has just ended
   */
  readonly save: (progress: Progress, epoch?: EpochEvent) => Promise<void>;
  /** Stops training between two steps by throwing its reason. */
  readonly signal: AbortSignal;
}

/** How a run ended. */
export interface Trained {
  /** The epoch with the lowest validation loss. */
  readonly best: BestEpoch;
  /** Why before its last epoch; absent where it was trained. */
  readonly early?: EarlyEnd;
}

/**
 * Train up to `plan.epochs` epochs, but at least one.
 *
 * @param from where the run stands; `engine` must stand there too
 * @throws UserError (diverged) naming the first step whose loss was not finite, before anything after it is saved
 */
export async function train(
  engine: Engine,
  plan: TrainingPlan,
  hooks: TrainingHooks,
  from: Progress,
): Promise<Trained> {
  const loop = new Loop(engine, plan, hooks, from);
  let early: EarlyEnd | undefined;
  try {
    do {
      await loop.runEpoch();
      early = loop.earlyEnd();
    } while (loop.epoch <= plan.epochs && !early);
  } catch (error) {
    if (hooks.signal.aborted && error === hooks.signal.reason) await hooks.save(await loop.progress());
    throw error;
  }
  if (!loop.best) throw new Error('an epoch is the best of none');
  return { best: loop.best, ...(early && loop.epoch <= plan.epochs ? { early } : {}) };
}

/** What an epoch's steps came to. */
interface TrainedSteps
  extends Pick<EpochEvent, 'learningRate' | 'train' | 'imagesPerSecond' | 'trainSeconds'>,
    Pick<EpochTime, 'firstStepSeconds'> {}

class Loop {
  best: BestEpoch | null;
  /** The epoch under way, counted from 1. */
  epoch: number;
  readonly #engine: Engine;
  readonly #plan: TrainingPlan;
  readonly #hooks: TrainingHooks;
  readonly #shuffling: RandomGenerator;
  readonly #augmenting: RandomGenerator;
  /** When the first epoch of this start began, in milliseconds. */
  readonly #began = performance.now();
  readonly #times = new EpochTimes();
  /** The generator as it was before it drew this epoch's order. */
  #shuffle: readonly number[];
  /** Steps taken in this epoch, and what they have summed up before the run was resumed. */
  #batch: number;
  #sums: Progress['sums'];

  constructor(engine: Engine, plan: TrainingPlan, hooks: TrainingHooks, from: Progress) {
    this.#engine = engine;
    this.#plan = plan;
    this.#hooks = hooks;
    this.#shuffling = RandomGenerator.restore(from.shuffle);
    this.#augmenting = RandomGenerator.restore(from.augmentation);
    this.#shuffle = from.shuffle;
    this.#batch = from.batch;
    this.#sums = from.sums;
    this.best = from.best;
    this.epoch = from.epochs + 1;
  }

  /** Where the run stands, inside an epoch. */
  async progress(): Promise<Progress> {
    const { sums } = await this.#report();
    return { ...this.#position(), batch: this.#batch, sums };
  }

  async runEpoch(): Promise<void> {
    const { epoch } = this;
    const engine = this.#engine;
    const { dataset, validation: indices } = this.#plan;
    const began = performance.now();
    const skipped = this.#batch; // where the run was resumed inside this epoch
    const { firstStepSeconds, ...trained } = await this.#train();
    const taken = this.#batch - skipped;
    const validation = await evaluate(engine, dataset, indices, {
      signal: this.#hooks.signal,
      onProgress: (done) => this.#hooks.onEvent({ type: 'validation', epoch, done, total: indices.length }),
    });
    if (!Number.isFinite(validation.loss)) throw this.#diverged('the validation loss', engine.step);
    const result = { epoch, step: engine.step, loss: validation.loss, accuracy: validation.accuracy };
    const best = improves(result, this.best);
    if (best) this.best = result;
    const seconds = secondsSince(began);
    const event: EpochEvent = { type: 'epoch', epoch, step: engine.step, ...trained, validation, best, seconds };
    this.epoch += 1;
    this.#shuffle = this.#shuffling.state();
    this.#batch = 0;
    this.#sums = EMPTY_SUMS;
    this.#hooks.onEvent(event);
    await this.#hooks.save({ ...this.#position(), batch: 0, sums: EMPTY_SUMS }, event);
    const { trainSeconds } = trained;
    this.#times.add({ seconds: secondsSince(began), trainSeconds, firstStepSeconds, taken, skipped });
  }

  /** Between two epochs: whether there should be no further one. */
  earlyEnd(): EarlyEnd | undefined {
    if (isOutOfPatience({ epochs: this.epoch - 1, best: this.best }, this.#plan)) return 'patience';
    return this.#times.exceed(secondsSince(this.#began), this.#plan.maxTime) ? 'max-time' : undefined;
  }

  /** The rest of the epoch's steps. */
  async #train(): Promise<TrainedSteps> {
    const { train, batchSize, logInterval, saveInterval = Number.POSITIVE_INFINITY, epochs } = this.#plan;
    const order = train.slice();
    this.#shuffling.shuffle(order);
    const batches = batchesOf(order, batchSize);
    const schedule = { ...this.#plan.schedule, epochs, stepsPerEpoch: batches.length };
    // Counted by this epoch's batches: a run that goes on with larger ones has taken more steps than there are in all.
    const rateOf = (batchIndex: number) => learningRateAt((this.epoch - 1) * batches.length + batchIndex + 1, schedule);
    await this.#engine.startEpoch(this.#sums);
    const began = performance.now();
    const before = this.#sums.count;
    let reported = began;
    let seen = before;
    let firstStepSeconds = 0;
    const speed = () => (seen - before) / secondsSince(began);
    for (const [batchIndex, indices] of [...batches.entries()].slice(this.#batch)) {
      const learningRate = rateOf(batchIndex);
      await this.#engine.train(indices, learningRate, this.#transforms(indices.length));
      this.#batch += 1;
      seen += indices.length;
      firstStepSeconds ||= secondsSince(began);
      const now = performance.now();
      const watched = this.#hooks.watched && now - reported >= WATCH_INTERVAL;
      if (watched || batchIndex % logInterval === 0 || batchIndex === batches.length - 1) {
        const { loss, sums } = await this.#report();
        reported = now;
        this.#hooks.onEvent({
          type: 'step',
          epoch: this.epoch,
          step: this.#engine.step,
          batches: batches.length,
          batch: batchIndex,
          seen: seen - indices.length,
          total: order.length,
          loss,
          learningRate,
          epochMean: meanOf(sums),
          imagesPerSecond: speed(),
        });
      }
      if (this.#engine.step % saveInterval === 0) await this.#hooks.save(await this.progress());
      await setImmediate(); // a loop that awaits only microtasks never sees a signal
      this.#hooks.signal.throwIfAborted();
    }
    const mean: Metrics = meanOf((await this.#report()).sums);
    const trainSeconds = secondsSince(began);
    const learningRate = rateOf(batches.length - 1);
    return { learningRate, train: mean, trainSeconds, firstStepSeconds, imagesPerSecond: speed() };
  }

  #transforms(count: number): Float32Array | undefined {
    const { augmentation, dataset } = this.#plan;
    return augmentation === 'none' ? undefined : drawTransforms(this.#augmenting, augmentation, count, dataset);
  }

  #position(): Omit<Progress, 'batch' | 'sums'> {
    const augmentation = this.#augmenting.state();
    return { epochs: this.epoch - 1, step: this.#engine.step, shuffle: this.#shuffle, augmentation, best: this.best };
  }

  async #report(): Promise<TrainingReport> {
    const report = await this.#engine.report();
    if (report.firstNonFinite !== undefined) throw this.#diverged('the loss', report.firstNonFinite);
    return report;
  }

  #diverged(what: string, step: number): UserError {
    return new UserError(
      `training diverged: ${what} is not finite since step ${step} (epoch ${this.epoch}) with learning rate ` +
        `${this.#plan.schedule.peak}; what was saved before stays as it was; try a smaller --lr`,
      ExitCode.diverged,
    );
  }
}

/** @param time of `performance.now()` */
function secondsSince(time: number): number {
  return (performance.now() - time) / 1000;
}
