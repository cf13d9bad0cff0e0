/** Two trainings of one process that begin in one folder at the same time. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { train } from '../../src/index.ts';
import { testWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const SMALL = { width: 4, noCompile: true, epochs: 1, batchSize: 16, limitTrain: 32, limitVal: 16 };

/** Trains to the end; the last event's type. */
async function trained(): Promise<string | undefined> {
  let last: string | undefined;
  for await (const { type } of train({ ...SMALL, checkpointDir: folder, name: 'one' })) last = type;
  return last;
}

testWithTensorFlow('one trains to its end, the other is refused (code 7), and nothing of it is left', async () => {
  const [first, second] = await Promise.allSettled([trained(), trained()]);
  const ended = [first, second].filter(({ status }) => status === 'fulfilled');
  const refused = [first, second].filter((each) => each.status === 'rejected');
  expect(ended).toEqual([{ status: 'fulfilled', value: 'end' }]);
  expect(refused[0]?.reason).toMatchObject({ code: 7, message: expect.stringContaining('this process has been') });
  expect(readdirSync(join(folder, 'one')).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(await trained()).toBe('end');
});
