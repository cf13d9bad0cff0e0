/** The training loop: epochs of seeded batches, validation after each. Emits events, prints nothing. */
import { setImmediate } from 'node:timers/promises';
import { batchesOf } from '../dataset/batches.ts';
import type { Dataset } from '../dataset/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { RandomGenerator } from '../random.ts';
import { evaluate } from './evaluate.ts';
import { type Metrics, meanOf } from './metrics.ts';
import type { Steps } from './steps.ts';

export interface TrainingPlan {
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
  /** Steps between two reports. */
  readonly logInterval: number;
  readonly dataset: Dataset;
  /** Images to train on, and to choose the best epoch by. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** At the first step of an epoch, every `logInterval` steps, at the last, and in between where someone watches. */
export interface StepEvent {
  readonly type: 'step';
  /** Counted from 1. */
  readonly epoch: number;
  /** Step of the run, counted from 1. */
  readonly step: number;
  /** Steps in an epoch, and which of them this was, counted from 0. */
  readonly batches: number;
  readonly batch: number;
  /** Images of this epoch seen before this step, and in all. */
  readonly seen: number;
  readonly total: number;
  /** Mean loss of this batch. */
  readonly loss: number;
  readonly learningRate: number;
  /** Means of the epoch so far. */
  readonly epochMean: Metrics;
  /** Training speed of the epoch so far. */
  readonly imagesPerSecond: number;
}

/** While the validation images are evaluated. */
export interface ValidationEvent {
  readonly type: 'validation';
  readonly epoch: number;
  readonly done: number;
  readonly total: number;
}

/** After every epoch. */
export interface EpochEvent {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly step: number;
  readonly train: Metrics;
  readonly validation: Metrics;
  /** Whether this is the lowest validation loss so far. */
  readonly best: boolean;
  /** Of training alone, in images and seconds. */
  readonly imagesPerSecond: number;
  readonly trainSeconds: number;
  /** Of the whole epoch with its validation. */
  readonly seconds: number;
}

export type TrainingEvent = StepEvent | ValidationEvent | EpochEvent;

/** Time between two reports to someone who looks on, in milliseconds. */
const WATCH_INTERVAL = 500;

export interface TrainingHooks {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Someone looks on, and is told how it goes twice a second. */
  readonly watched: boolean;
  /** Called after each epoch, before its event; training goes on when it resolves. */
  readonly save: (epoch: EpochEvent) => Promise<void>;
  /** Stops training between two steps by throwing its reason. */
  readonly signal: AbortSignal;
}

/**
 * Train for `plan.epochs` epochs.
 *
 * @returns the epoch with the lowest validation loss
 * @throws UserError (diverged) naming the first step whose loss was not finite, before anything of its epoch is saved
 */
export async function train(steps: Steps, plan: TrainingPlan, hooks: TrainingHooks): Promise<EpochEvent> {
  const shuffling = RandomGenerator.seeded(plan.seed, 'shuffle');
  let best: EpochEvent | undefined;
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    const began = performance.now();
    const order = plan.train.slice();
    shuffling.shuffle(order);
    const trained = await trainEpoch(steps, plan, epoch, order, hooks);
    const validation = await evaluate(steps, plan.dataset, plan.validation, {
      signal: hooks.signal,
      onProgress: (done) => hooks.onEvent({ type: 'validation', epoch, done, total: plan.validation.length }),
    });
    if (!Number.isFinite(validation.loss)) throw diverged('the validation loss', steps.step, epoch, plan);
    const event: EpochEvent = {
      type: 'epoch',
      epoch,
      step: steps.step,
      ...trained,
      validation,
      best: validation.loss < (best?.validation.loss ?? Number.POSITIVE_INFINITY),
      seconds: (performance.now() - began) / 1000,
    };
    await hooks.save(event);
    hooks.onEvent(event);
    if (event.best) best = event;
  }
  if (!best) throw new Error('no epochs to train');
  return best;
}

async function trainEpoch(
  steps: Steps,
  plan: TrainingPlan,
  epoch: number,
  order: Int32Array,
  hooks: TrainingHooks,
): Promise<Pick<EpochEvent, 'train' | 'imagesPerSecond' | 'trainSeconds'>> {
  const batches = batchesOf(order, plan.batchSize);
  await steps.startEpoch();
  const began = performance.now();
  let reported = began;
  let seen = 0;
  let mean: Metrics | undefined;
  for (const [batch, images] of batches.entries()) {
    await steps.train(images, plan.learningRate);
    const now = performance.now();
    const watched = hooks.watched && now - reported >= WATCH_INTERVAL;
    if (watched || batch % plan.logInterval === 0 || batch === batches.length - 1) {
      const { loss, sums, firstNonFinite } = await steps.report();
      if (firstNonFinite !== undefined) throw diverged('the loss', firstNonFinite, epoch, plan);
      reported = now;
      mean = meanOf(sums);
      hooks.onEvent({
        type: 'step',
        epoch,
        step: steps.step,
        batches: batches.length,
        batch,
        seen,
        total: order.length,
        loss,
        learningRate: plan.learningRate,
        epochMean: mean,
        imagesPerSecond: (seen + images.length) / ((performance.now() - began) / 1000),
      });
    }
    seen += images.length;
    await setImmediate(); // a loop that awaits only microtasks never sees a signal
    hooks.signal.throwIfAborted();
  }
  if (!mean) throw new Error('no images to train on');
  const trainSeconds = (performance.now() - began) / 1000;
  return { train: mean, trainSeconds, imagesPerSecond: seen / trainSeconds };
}

function diverged(what: string, step: number, epoch: number, { learningRate }: TrainingPlan): UserError {
  return new UserError(
    `training diverged: ${what} is not finite since step ${step} (epoch ${epoch}) with learning rate ` +
      `${learningRate}; nothing of this epoch was saved; try a smaller --lr`,
    ExitCode.diverged,
  );
}
