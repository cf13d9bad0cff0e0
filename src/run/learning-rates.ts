/** The learning rate of every step of a logged run, computed from its schedule. */
import { epochsAt } from '../training/events.ts';
import { learningRateAt, type Schedule } from '../training/schedule.ts';
import type { LoggedStart, LoggedStep, RunHistory } from './run-history.ts';

/** A point of the curve of learning rates. */
export interface RatePoint {
  /** Epochs trained at the end of the step, with fractions. */
  readonly epoch: number;
  readonly learningRate: number;
}

/** Most points of a curve, about; a run of more steps is drawn by every second, third, … step. */
const MAX_POINTS = 2000;

/** Largest difference between a logged rate and the schedule's, as a fraction. */
const TOLERANCE = 1e-6;

/**
 * The learning rates of a run's steps up to its last finished epoch. From each start on they follow the schedule that
 * the start names. Where it contradicts the rates that were logged, or names none, the logged rates are the curve.
 *
 * @param warmup epochs of warm-up for starts that do not say theirs, as in logs of older versions; undefined if not
 *   known
 */
export function learningRates({ starts, steps, epochs }: RunHistory, warmup: number | undefined): RatePoint[] {
  const last = epochs.reduce((most, { epoch }) => Math.max(most, epoch), 0);
  const all: readonly LoggedStart[] = starts[0]?.firstStep === 0 ? starts : [UNKNOWN_START, ...starts];
  return all.flatMap((start, index) => {
    const next = all[index + 1];
    const logged = steps.slice(start.firstStep, next?.firstStep);
    const [begin, end] = [start.at, Math.min(last, next?.at ?? last)];
    const schedule = scheduleOf(start, logged, warmup);
    if (schedule === undefined) return logged.map(pointOf);
    return points(schedule, begin, end, Math.max(1, Math.ceil((last * schedule.stepsPerEpoch) / MAX_POINTS)));
  });
}

/** What is known of a log that begins without a start: nothing. */
const UNKNOWN_START: LoggedStart = { at: 0, firstStep: 0, schedule: undefined };

/** The schedule that a start names, if the logged rates agree; the warm-up may have to be tried. */
function scheduleOf(
  { schedule, stepsPerEpoch }: LoggedStart,
  logged: readonly LoggedStep[],
  warmup: number | undefined,
): Schedule | undefined {
  const batches = logged[0]?.batches ?? stepsPerEpoch;
  if (schedule === undefined || batches === undefined) return undefined;
  const warmups = schedule.warmup === undefined ? [warmup, undefined] : [schedule.warmup];
  return warmups
    .map((each): Schedule => ({ ...schedule, warmup: each, stepsPerEpoch: batches }))
    .find((each) => logged.every((step) => agrees(step, each)));
}

function agrees({ epoch, batch, batches, learningRate }: LoggedStep, schedule: Schedule): boolean {
  if (batches !== schedule.stepsPerEpoch) return false;
  const expected = learningRateAt((epoch - 1) * batches + batch + 1, schedule);
  return Math.abs(learningRate - expected) <= TOLERANCE * Math.abs(expected);
}

/** Points of the steps after `begin` and up to `end` (epochs): every `stride`-th, with the first and the last. */
function points(schedule: Schedule, begin: number, end: number, stride: number): RatePoint[] {
  const { stepsPerEpoch } = schedule;
  const first = Math.round(begin * stepsPerEpoch) + 1;
  const final = Math.round(end * stepsPerEpoch);
  const count = Math.max(0, Math.ceil((final - first) / stride));
  const shown = Array.from({ length: count }, (_, index) => first + index * stride);
  return [...shown, ...(final < first ? [] : [final])].map((step) => {
    return { epoch: step / stepsPerEpoch, learningRate: learningRateAt(step, schedule) };
  });
}

function pointOf(step: LoggedStep): RatePoint {
  return { epoch: epochsAt(step), learningRate: step.learningRate };
}
