/** The training loop: epochs of seeded batches, each followed by validation. It emits events and prints nothing. */
import { setImmediate } from 'node:timers/promises';
import type { BestEpoch, Progress } from '../checkpoint/progress.ts';
import type { Strangeness } from '../checkpoint/strangeness.ts';
import { drawChanges, type ImageChanges } from '../dataset/augmentation.ts';
import { batchesOf } from '../dataset/batches.ts';
import type { Labels } from '../dataset/formats/found.ts';
import { isInMemory } from '../dataset/pixels.ts';
import { EMPTY_SUMS, type Engine, type LossSums, type TrainingReport } from '../engine/engine.ts';
import { ExitCode, UserError } from '../errors.ts';
import { classScores, macroScores } from '../evaluation/confusion.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { type Metrics, meanOf, type ValidationMetrics } from '../evaluation/metrics.ts';
import { answersOf } from '../evaluation/predictions.ts';
import { ValidationStrangeness } from '../evaluation/strangeness.ts';
import { temperatureOf } from '../evaluation/temperature.ts';
import { RandomGenerator } from '../random.ts';
import { improves } from './best-measure.ts';
import { type EpochTime, EpochTimes } from './epoch-times.ts';
import type { EpochEvent, TrainingEvent } from './events.ts';
import { Pace } from './pace.ts';
import { learningRateAt } from './schedule.ts';
import { type EarlyEnd, isOutOfPatience, type TrainingPlan } from './training-plan.ts';

/** Time between two step events to a user who watches. */
const WATCH_INTERVAL_MS = 500;

/** Callbacks of the training loop, and the signal that stops it. */
export interface TrainingHooks {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Whether a user watches a live line: then step events come twice a second too, whatever `logInterval` is. */
  readonly watched: boolean;
  /**
   * Saves the run; training continues when the promise resolves. Called after each epoch, following the epoch's event;
   * every `saveInterval` steps; and when `signal` stops training.
   *
   * @param epoch the epoch that has just ended; absent inside an epoch
   */
  readonly save: (progress: Progress, epoch?: FinishedEpoch) => Promise<void>;
  /** Stops training between two steps; `train` then throws the signal's reason. */
  readonly signal: AbortSignal;
  /** Training waits for it between two steps and between two epochs; default: it goes on at once. */
  readonly ready?: (() => Promise<void>) | undefined;
}

/** An epoch that has just ended. */
export interface FinishedEpoch extends Pick<EpochEvent, 'best' | 'validation'> {
  /** What the validation images are like by the weights of its end; undefined if that is not asked for, or too few. */
  readonly strangeness: Strangeness | undefined;
  /** What logits are divided by for probabilities, see `temperatureOf`; undefined if this epoch is not the best. */
  readonly temperature: number | undefined;
}

/** How a run ended. */
export interface Trained {
  /** The best epoch, by the run's measure. */
  readonly best: BestEpoch;
  /** Why the run ended before its last epoch; absent if the last epoch was trained. */
  readonly early?: EarlyEnd;
}

/**
 * Trains up to `plan.epochs` epochs, but at least one.
 *
 * @param from place of the run; `engine` must be at the same place
 * @throws UserError (diverged) naming the first step whose loss was not finite; no later step is saved
 */
export async function train(
  engine: Engine,
  plan: TrainingPlan,
  hooks: TrainingHooks,
  from: Progress,
): Promise<Trained> {
  const loop = new Loop(engine, plan, hooks, from);
  try {
    for (;;) {
      const best = await loop.runEpoch();
      if (loop.epoch > plan.epochs) return { best };
      const early = await loop.earlyEnd();
      if (early) return { best, early };
      await hooks.ready?.();
      hooks.signal.throwIfAborted();
    }
  } catch (error) {
    if (hooks.signal.aborted && error === hooks.signal.reason) await hooks.save(await loop.progress());
    throw error;
  }
}

/** Results of the steps of an epoch. */
interface TrainedSteps
  extends Pick<EpochEvent, 'learningRate' | 'train' | 'imagesPerSecond' | 'trainSeconds'>,
    Pick<EpochTime, 'firstStepSeconds'> {}

/** What validation gives. */
interface Validated {
  readonly validation: ValidationMetrics;
  /** [count, classes], row by row */
  readonly logits: Float32Array;
  /** Class of each image, [count]. */
  readonly labels: Labels;
}

/** The state of the loop between two steps. */
class Loop {
  /** The epoch under way, counted from 1. */
  epoch: number;
  #best: BestEpoch | null;
  readonly #engine: Engine;
  readonly #plan: TrainingPlan;
  readonly #hooks: TrainingHooks;
  readonly #shuffleGenerator: RandomGenerator;
  readonly #augmentGenerator: RandomGenerator;
  readonly #startedAt = performance.now();
  readonly #epochTimes = new EpochTimes();
  readonly #pace = new Pace();
  readonly #strangeness: ValidationStrangeness | undefined;
  /** State of the shuffle generator before it drew this epoch's order. */
  #shuffleState: readonly number[];
  /** Number of steps taken in this epoch, those before the run was resumed included. */
  #stepsTaken: number;
  /** Sums over the steps of this epoch from before the run was resumed. */
  #earlierSums: LossSums;

  constructor(engine: Engine, plan: TrainingPlan, hooks: TrainingHooks, from: Progress) {
    this.#engine = engine;
    this.#plan = plan;
    this.#hooks = hooks;
    if (plan.readsDigits) this.#strangeness = new ValidationStrangeness(plan.dataset, plan.validation);
    this.#shuffleGenerator = RandomGenerator.restore(from.shuffle);
    this.#augmentGenerator = RandomGenerator.restore(from.augmentation);
    this.#shuffleState = from.shuffle;
    this.#stepsTaken = from.batch;
    this.#earlierSums = from.sums;
    this.#best = from.best;
    this.epoch = from.epochs + 1;
  }

  /** Present place of the run. */
  async progress(): Promise<Progress> {
    const { sums } = this.#stepsTaken === 0 ? { sums: EMPTY_SUMS } : await this.#report();
    return this.#progressWith(sums);
  }

  /**
   * Trains the rest of the epoch, validates, and saves.
   *
   * @returns the best epoch so far
   */
  async runEpoch(): Promise<BestEpoch> {
    const began = performance.now();
    const waitedBefore = this.#engine.waitedSeconds;
    const skipped = this.#stepsTaken; // more than 0 where the run was resumed inside this epoch
    const { firstStepSeconds, ...trained } = await this.#takeSteps();
    const taken = this.#stepsTaken - skipped;
    const { validation, logits, labels } = await this.#validate();
    const { epoch } = this;
    const { step } = this.#engine;
    const { images: _, ...figures } = validation;
    const result: BestEpoch = { epoch, step, ...figures };
    const best = this.#best && !improves(result, this.#best, this.#plan.bestBy) ? this.#best : result;
    const seconds = secondsSince(began);
    const isStreamed = !isInMemory(this.#plan.dataset);
    const waiting = isStreamed ? { dataSeconds: this.#engine.waitedSeconds - waitedBefore } : {};
    const isBest = best === result;
    const event: EpochEvent = { type: 'epoch', epoch, step, ...trained, validation, best: isBest, seconds, ...waiting };
    this.epoch += 1;
    this.#best = best;
    this.#shuffleState = this.#shuffleGenerator.state();
    this.#stepsTaken = 0;
    this.#earlierSums = EMPTY_SUMS;
    this.#hooks.onEvent(event);
    const strangeness = await this.#strangeness?.of(logits);
    const temperature = isBest ? temperatureOf(logits, labels) : undefined;
    await this.#hooks.save(this.#progressWith(EMPTY_SUMS), { best: isBest, validation, strangeness, temperature });
    const { trainSeconds } = trained;
    this.#epochTimes.add({ seconds: secondsSince(began), trainSeconds, firstStepSeconds, taken, skipped });
    return best;
  }

  /** Why no further epoch should begin; undefined if one should. Called between two epochs. */
  async earlyEnd(): Promise<EarlyEnd | undefined> {
    const { maxTime } = this.#plan;
    if (isOutOfPatience({ epochs: this.epoch - 1, best: this.#best }, this.#plan)) return 'patience';
    if (maxTime === undefined) return undefined;
    const exceeded = this.#epochTimes.exceed(secondsSince(this.#startedAt), maxTime);
    const { agreement } = this.#engine; // the workers' clocks differ
    return (agreement ? await agreement.decide(exceeded) : exceeded) ? 'max-time' : undefined;
  }

  /** Takes the rest of the epoch's steps. */
  async #takeSteps(): Promise<TrainedSteps> {
    const { train, batchSize, logInterval, saveInterval = Number.POSITIVE_INFINITY, epochs } = this.#plan;
    const order = train.slice();
    this.#shuffleGenerator.shuffle(order);
    const batches = batchesOf(order, batchSize);
    const schedule = { ...this.#plan.schedule, epochs, stepsPerEpoch: batches.length };
    // Steps are counted by this epoch's batches: a run resumed with another batch size has taken more or fewer so far.
    const learningRateOf = (batchIndex: number) =>
      learningRateAt((this.epoch - 1) * batches.length + batchIndex + 1, schedule);
    this.#thawIfDue();
    await this.#engine.startEpoch(this.#earlierSums);
    const began = performance.now();
    let reportedAt = began;
    let steppedAt = began;
    let seen = this.#earlierSums.count;
    let firstStepSeconds = 0;
    const imagesPerSecond = () => (seen - this.#earlierSums.count) / secondsSince(began);
    for (const [batchIndex, indices] of batches.entries()) {
      if (batchIndex < this.#stepsTaken) continue; // taken before the run was resumed
      const learningRate = learningRateOf(batchIndex);
      const next = batches[batchIndex + 1];
      if (next) this.#engine.expect(next);
      await this.#engine.train(indices, learningRate, this.#changesOf(indices.length));
      this.#stepsTaken += 1;
      seen += indices.length;
      firstStepSeconds ||= secondsSince(began);
      const now = performance.now();
      this.#pace.add(indices.length, (now - steppedAt) / 1000);
      steppedAt = now;
      const isWatched = this.#hooks.watched && now - reportedAt >= WATCH_INTERVAL_MS;
      const isDue = isWatched || this.#engine.agreement?.isAlarmed === true; // a worker at fault must not go on
      if (isDue || batchIndex % logInterval === 0 || batchIndex === batches.length - 1) {
        const { loss, sums } = await this.#report();
        reportedAt = now;
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
          imagesPerSecond: imagesPerSecond(),
          steadyImagesPerSecond: this.#pace.imagesPerSecond,
        });
      }
      if (this.#engine.step % saveInterval === 0) await this.#hooks.save(await this.progress());
      await setImmediate(); // a loop that awaits only microtasks never sees a signal
      await this.#hooks.ready?.();
      this.#hooks.signal.throwIfAborted();
    }
    const mean: Metrics = meanOf((await this.#report()).sums);
    const trainSeconds = secondsSince(began);
    const learningRate = learningRateOf(batches.length - 1);
    return { learningRate, train: mean, trainSeconds, firstStepSeconds, imagesPerSecond: imagesPerSecond() };
  }

  /** Trains the frozen parts from here on, in their epoch and in all later ones. */
  #thawIfDue(): void {
    const { thawAt = Number.POSITIVE_INFINITY } = this.#plan;
    if (this.epoch < thawAt || !this.#engine.thaw()) return;
    this.#hooks.onEvent({ type: 'thaw', epoch: this.epoch, step: this.#engine.step + 1 });
  }

  async #validate(): Promise<Validated> {
    const { epoch } = this;
    const { dataset, validation: indices } = this.#plan;
    const { signal, onEvent } = this.#hooks;
    const evaluated = await evaluate(this.#engine, dataset, indices, {
      signal,
      onProgress: (done) => onEvent({ type: 'validation', epoch, done, total: indices.length }),
    });
    const { metrics, logits } = evaluated;
    if (!Number.isFinite(metrics.loss)) throw this.#diverged('the validation loss', this.#engine.step);
    const labels = Uint16Array.from(indices, (index) => dataset.labels[index]!);
    const scores = classScores(answersOf(logits, labels), dataset.classes);
    return { validation: { ...metrics, ...macroScores(scores) }, logits, labels };
  }

  #changesOf(count: number): ImageChanges | undefined {
    const { augmentation, dataset } = this.#plan;
    return augmentation === 'none' ? undefined : drawChanges(this.#augmentGenerator, augmentation, count, dataset);
  }

  /** @param sums over the steps of the epoch so far */
  #progressWith(sums: LossSums): Progress {
    return {
      epochs: this.epoch - 1,
      step: this.#engine.step,
      batch: this.#stepsTaken,
      sums,
      shuffle: this.#shuffleState,
      augmentation: this.#augmentGenerator.state(),
      best: this.#best,
    };
  }

  /** @throws UserError (diverged) if the loss of a step was not finite, (lost) if that was another worker's part of it */
  async #report(): Promise<TrainingReport> {
    const report = await this.#engine.report();
    const { firstNonFinite: step, rankAtFault } = report;
    if (step === undefined) return report;
    if (rankAtFault === undefined) throw this.#diverged('the loss', step);
    const cause = this.#diverged('its loss', step);
    throw new UserError(`worker ${rankAtFault} was lost: ${cause.message} (exit ${cause.code})`, ExitCode.lost);
  }

  #diverged(what: string, step: number): UserError {
    return new UserError(
      `training diverged: ${what} is not finite since step ${step} (epoch ${this.epoch}) with learning rate ` +
        `${this.#plan.schedule.peak}; what was saved before stays as it was; try a smaller --lr`,
      ExitCode.diverged,
    );
  }
}

/** @param time an earlier result of `performance.now()` */
function secondsSince(time: number): number {
  return (performance.now() - time) / 1000;
}
