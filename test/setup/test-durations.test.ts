/** The list of `npm run test:slowest`. */
import { expect, test } from '@jest/globals';
import { slowestTests } from '../../scripts/test-durations.ts';

test('the slowest tests come first, and what a file takes beside its tests is one of them', () => {
  const first = [
    { fullName: 'adds', duration: 250 },
    { fullName: 'is skipped', duration: null },
  ];
  const testResults = [
    { name: '/a.test.ts', startTime: 1000, endTime: 4250, assertionResults: first },
    { name: '/b.test.ts', startTime: 0, endTime: 2500, assertionResults: [{ fullName: 'trains', duration: 2000 }] },
  ];
  expect(slowestTests({ testResults }, 3)).toEqual([
    { seconds: 3, path: '/a.test.ts', name: expect.stringContaining('hooks') },
    { seconds: 2, path: '/b.test.ts', name: 'trains' },
    { seconds: 0.5, path: '/b.test.ts', name: expect.stringContaining('hooks') },
  ]);
});
