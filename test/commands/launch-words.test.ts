/** The command line that a launcher gives its workers. */
import { expect, test } from '@jest/globals';
import { withoutWorkers } from '../../src/commands/workers/launch.ts';

test('is its own without --workers, in both spellings, and keeps a value of that text', () => {
  const kept = ['train', 'pictures', '--json', '--name', '--workers', '--epochs', '3'];
  expect(
    withoutWorkers(['train', 'pictures', '--workers', '2', '--json', '--name', '--workers', '--epochs', '3']),
  ).toEqual(kept);
  expect(
    withoutWorkers(['train', 'pictures', '--json', '--workers=2', '--name', '--workers', '--epochs', '3']),
  ).toEqual(kept);
});
