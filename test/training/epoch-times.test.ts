import { describe, expect, test } from '@jest/globals';
import { type EpochTime, EpochTimes } from '../../src/training/epoch-times.ts';

/** An epoch of ten steps of a second, and as long again for what comes behind them. */
const EPOCH: EpochTime = { seconds: 20, trainSeconds: 10, firstStepSeconds: 1, taken: 10, skipped: 0 };

function timesOf(...epochs: EpochTime[]): EpochTimes {
  const times = new EpochTimes();
  for (const epoch of epochs) times.add(epoch);
  return times;
}

describe('another epoch would end too late', () => {
  test.each([
    [20, 39, true],
    [20, 40, false],
    [20, 41, false],
    [1e9, undefined, false],
  ])('where one takes 20 s, %d s have passed, and %s may: %s', (elapsed, most, exceeds) => {
    expect(timesOf(EPOCH).exceed(elapsed, most)).toBe(exceeds);
  });

  test('judged by the longest', () => {
    expect(timesOf(EPOCH, { ...EPOCH, seconds: 30 }, EPOCH).exceed(0, 29)).toBe(true);
  });

  test('where only the rest of one was trained, by the whole: its other steps take as long as those behind the first', () => {
    const rest: EpochTime = { seconds: 16, trainSeconds: 6, firstStepSeconds: 4, taken: 3, skipped: 7 };
    expect(timesOf(rest).exceed(0, 22)).toBe(true);
    expect(timesOf(rest).exceed(0, 23)).toBe(false);
  });

  test.each([0, 1])('by the rest alone where that had %d steps, which tell nothing', (taken) => {
    const rest: EpochTime = { seconds: 12, trainSeconds: 4, firstStepSeconds: 4, taken, skipped: 10 - taken };
    expect(timesOf(rest).exceed(0, 11)).toBe(true);
    expect(timesOf(rest).exceed(0, 12)).toBe(false);
  });
});
