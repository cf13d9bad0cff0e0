/** The curve of a run's learning rates, computed from its log. */
import { describe, expect, test } from '@jest/globals';
import { learningRates } from '../../src/run/learning-rates.ts';
import type { LoggedStart, RunHistory } from '../../src/run/run-history.ts';
import { learningRateAt, type Schedule } from '../../src/training/schedule.ts';

const SCHEDULE: Schedule = { name: 'one-cycle', peak: 0.01, warmup: 1, epochs: 2, stepsPerEpoch: 4 };

/** The log of a run: its starts, and the first and the last step of each epoch, as short runs log them. */
function historyOf(starts: readonly LoggedStart[], schedules: readonly Schedule[]): RunHistory {
  const ends = schedules.flatMap((schedule, index) => {
    const { stepsPerEpoch: batches } = schedule;
    return [0, batches - 1].map((batch) => {
      const learningRate = learningRateAt(index * batches + batch + 1, schedule);
      return { epoch: index + 1, batch, batches, loss: 1, learningRate };
    });
  });
  const metrics = { loss: 1, accuracy: 0.5 };
  const epochs = schedules.map((_, index) => {
    return { epoch: index + 1, train: metrics, validation: metrics, imagesPerSecond: 1, seconds: 1 };
  });
  return { starts, steps: ends, epochs, best: undefined };
}

function startOf({ stepsPerEpoch, ...schedule }: Schedule, changes: Partial<LoggedStart> = {}): LoggedStart {
  return { at: 0, firstStep: 0, schedule, ...changes };
}

/** Points of the steps `from` to `to` of a schedule, counted from 1. */
function expected(schedule: Schedule, from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const step = from + index;
    return { epoch: step / schedule.stepsPerEpoch, learningRate: learningRateAt(step, schedule) };
  });
}

describe('the learning rates of a run', () => {
  test('are those of every step of the schedule, although few steps were logged', () => {
    const history = historyOf([startOf(SCHEDULE)], [SCHEDULE, SCHEDULE]);
    expect(history.steps).toHaveLength(4);
    expect(learningRates(history, undefined)).toEqual(expected(SCHEDULE, 1, 8));
  });

  test('follow another schedule from where the run was resumed with other settings, inside an epoch too', () => {
    const later: Schedule = { ...SCHEDULE, name: 'cosine', peak: 0.002, warmup: 0, epochs: 3 };
    const resumed = startOf(later, { at: 1.5, firstStep: 3, stepsPerEpoch: 4 });
    const history = historyOf([startOf(SCHEDULE), resumed], [SCHEDULE, later, later]);
    const steps = history.steps.with(2, { ...history.steps[2]!, learningRate: learningRateAt(5, SCHEDULE) });
    expect(learningRates({ ...history, steps }, undefined)).toEqual([
      ...expected(SCHEDULE, 1, 6),
      ...expected(later, 7, 12),
    ]);
  });

  test('of a log without the warm-up follow the one that the run’s configuration has, if the logged rates agree', () => {
    const { warmup, ...silent } = SCHEDULE;
    const history = historyOf([startOf(silent)], [SCHEDULE, SCHEDULE]);
    expect(learningRates(history, warmup)).toEqual(expected(SCHEDULE, 1, 8));
    const logged = history.steps.map((step) => step.learningRate);
    expect(learningRates(history, 0.75).map(({ learningRate }) => learningRate)).toEqual(logged);
  });

  test.each([
    ['contradict the schedule', [startOf({ ...SCHEDULE, peak: 0.02 })]],
    ['are all that is known', [startOf(SCHEDULE, { schedule: undefined })]],
    ['have no start before them', []],
  ])('are the logged ones where these %s', (_, starts) => {
    const history = historyOf(starts, [SCHEDULE, SCHEDULE]);
    const points = history.steps.map(({ epoch, batch, learningRate }) => {
      return { epoch: epoch - 1 + (batch + 1) / 4, learningRate };
    });
    expect(learningRates(history, undefined)).toEqual(points);
  });

  test('of a very long run are thinned out, with the first and the last', () => {
    const long: Schedule = { ...SCHEDULE, stepsPerEpoch: 2 ** 40 };
    const rates = learningRates(historyOf([startOf(long)], [long, long]), undefined);
    expect(rates.length).toBeLessThan(2100);
    expect([rates[0]?.epoch, rates.at(-1)?.epoch]).toEqual([1 / 2 ** 40, 2]);
  });
});
