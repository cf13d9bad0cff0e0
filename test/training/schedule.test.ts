/** Learning rate schedules: exact rates of small runs, and bounds of all runs. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { learningRateAt, SCHEDULES, type Schedule, type ScheduleName } from '../../src/training/schedule.ts';

const run = { peak: 0.001, stepsPerEpoch: 5, epochs: 2 };

/** Rates of all steps as fractions of the peak, rounded to four digits. */
function rates(schedule: Partial<Schedule> & { name: ScheduleName }): number[] {
  const whole: Schedule = { ...run, ...schedule };
  return Array.from({ length: whole.stepsPerEpoch * whole.epochs }, (_, index) => {
    return Number((learningRateAt(index + 1, whole) / whole.peak).toFixed(4));
  });
}

describe('the rates of a run of ten steps', () => {
  test.each<[ScheduleName, number | undefined, number[]]>([
    ['constant', undefined, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['constant', 0.8, [0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 1]],
    ['linear', undefined, [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]],
    ['linear', 0.4, [0.5, 1, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]],
    ['cosine', undefined, [1, 0.9755, 0.9045, 0.7939, 0.6545, 0.5, 0.3455, 0.2061, 0.0955, 0.0245]],
    ['step', undefined, [1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01]],
    // torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1, total_steps=10)
    ['one-cycle', undefined, [0.04, 0.52, 1, 0.9505, 0.8117, 0.6113, 0.3887, 0.1883, 0.0495, 0]],
    ['one-cycle', 1, [0.04, 0.1806, 0.52, 0.8594, 1, 0.9045, 0.6545, 0.3455, 0.0955, 0]],
  ])('follow schedule %s with a warm-up of %p epochs', (name, warmup, expected) => {
    expect(rates({ name, warmup })).toEqual(expected);
  });
});

test('schedule one-cycle is PyTorch’s OneCycleLR to nine digits', () => {
  const schedule: Schedule = { name: 'one-cycle', peak: 0.001, stepsPerEpoch: 20, epochs: 1 };
  // OneCycleLR(optimizer, max_lr=0.001, total_steps=20), steps 1, 4, 7 and 20
  const expected = [3.9999999999999996e-5, 0.0006683281572999747, 0.0009874640062350875, 4e-9];
  for (const [index, step] of [1, 4, 7, 20].entries()) {
    expect(learningRateAt(step, schedule) / (expected[index] ?? 0)).toBeCloseTo(1, 9);
  }
});

test('every schedule reaches its peak, and has no negative rate and none above the peak', () => {
  const schedule = fc.record({
    name: fc.constantFrom(...SCHEDULES),
    peak: fc.constant(1),
    warmup: fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { nil: undefined }),
    stepsPerEpoch: fc.integer({ min: 1, max: 30 }),
    epochs: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(schedule, (each) => {
      const all = rates(each);
      for (const rate of all) expect(rate >= 0 && rate <= 1).toBe(true);
      if (all.length > 1) expect(Math.max(...all)).toBeCloseTo(1, 3);
    }),
  );
});
