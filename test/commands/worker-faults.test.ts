/** What a launcher says of its workers' ends. */
import { expect, test } from '@jest/globals';
import { codeOf, faultLines } from '../../src/commands/workers/faults.ts';

const ended = (rank: number, code: number, signal?: NodeJS.Signals) => ({ rank, code, signal, wasEnded: false });
const workers = [
  { kept: 'saved up to step 3', lastLine: undefined },
  { kept: undefined, lastLine: 'no room' },
];

test('a failure of worker 1 that came only after one of worker 0 is not told', () => {
  for (const later of [ended(1, 1), ended(1, 134, 'SIGABRT')]) {
    const ends = [ended(0, 7), later];
    expect([faultLines(ends, workers), codeOf(ends, [])]).toEqual([[], 7]);
  }
});

test('a failure of worker 1 is told where it came first, unless worker 0 has named it as lost', () => {
  expect(faultLines([ended(1, 5), ended(0, 1)], workers)).toEqual(['worker 1: no room']);
  expect(faultLines([ended(1, 5), ended(0, 9)], workers)).toEqual([]);
  expect(faultLines([ended(1, 137, 'SIGKILL'), ended(0, 9)], workers)).toEqual([
    'resnet: worker 1 was ended by SIGKILL',
  ]);
});

test('of a worker 0 that was killed it is told what is kept', () => {
  const ends = [ended(0, 137, 'SIGKILL'), ended(1, 9)];
  expect(faultLines(ends, workers)).toEqual(['resnet: worker 0 was ended by SIGKILL; saved up to step 3']);
  expect(codeOf(ends, [])).toBe(137);
});
