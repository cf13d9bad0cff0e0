/** Estimates of the time that another epoch takes. */
import { describe, expect, test } from '@jest/globals';
import { type EpochTime, EpochTimes } from '../../src/training/epoch-times.ts';

/** An epoch of ten steps of one second each, and ten seconds of validation and saving. */
const EPOCH: EpochTime = { seconds: 20, trainSeconds: 10, firstStepSeconds: 1, taken: 10, skipped: 0 };

function timesOf(...epochs: EpochTime[]): EpochTimes {
  const times = new EpochTimes();
  for (const epoch of epochs) times.add(epoch);
  return times;
}

describe('EpochTimes.exceed', () => {
  test.each([
    [20, 39, true],
    [20, 40, false],
    [20, 41, false],
    [1e9, undefined, false],
  ])('with epochs of 20 s, %d s elapsed and a limit of %s s returns %s', (elapsed, limit, exceeds) => {
    expect(timesOf(EPOCH).exceed(elapsed, limit)).toBe(exceeds);
  });

  test('estimates the next epoch by the longest', () => {
    expect(timesOf(EPOCH, { ...EPOCH, seconds: 30 }, EPOCH).exceed(0, 29)).toBe(true);
  });

  test('counts each skipped step of a resumed epoch as long as the mean of the steps after the first', () => {
    const rest: EpochTime = { seconds: 16, trainSeconds: 6, firstStepSeconds: 4, taken: 3, skipped: 7 };
    expect(timesOf(rest).exceed(0, 22)).toBe(true);
    expect(timesOf(rest).exceed(0, 23)).toBe(false);
  });

  test.each([0, 1])('counts nothing for the skipped steps of a resumed epoch if only %d steps were taken', (taken) => {
    const rest: EpochTime = { seconds: 12, trainSeconds: 4, firstStepSeconds: 4, taken, skipped: 10 - taken };
    expect(timesOf(rest).exceed(0, 11)).toBe(true);
    expect(timesOf(rest).exceed(0, 12)).toBe(false);
  });
});
