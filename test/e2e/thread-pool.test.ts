/** The threads that decode pictures: the real binary, and the threads that its process has. */
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { BINARY, command } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const probe = join(temporaryFolder(), 'probe.cjs');
const TASKS = '/proc/self/task'; // a folder for each thread, on Linux

/** Number of threads that a process of the binary ends with. */
async function threadsWith(UV_THREADPOOL_SIZE: string | undefined): Promise<number> {
  const words = [process.execPath, '--require', probe, BINARY, '--version'];
  const { code, stderr } = await command(words, { UV_THREADPOOL_SIZE });
  expect(code).toBe(0);
  return Number(stderr);
}

const onLinux = existsSync(TASKS) ? test : test.skip;

onLinux(
  'as many threads decode as there are cores, and one reads files; who names another number decides',
  async () => {
    writeFileSync(
      probe,
      `process.on('exit', () => process.stderr.write(String(require('node:fs').readdirSync('${TASKS}').length)));`,
    );
    const [usual, named, one] = await Promise.all(
      [undefined, String(availableParallelism() + 4), '1'].map(threadsWith),
    );
    expect([named! - usual!, usual! - one!]).toEqual([3, availableParallelism()]);
  },
);
