/** The last line of `.ci/run`, made from the results of its parts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { command } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const SCRIPT = fileURLToPath(new URL('../../.ci/counts.js', import.meta.url));
const HEALTHY = {
  numPassedTests: 20,
  numFailedTests: 0,
  numPendingTests: 2,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

async function counted(...parts: readonly [code: number, text?: string][]) {
  const words = parts.map(([code, text], index) => {
    const file = join(folder, String(index));
    if (text !== undefined) writeFileSync(file, text);
    return `${code}:${text === undefined ? '' : file}`;
  });
  const { code, stdout } = await command([process.execPath, SCRIPT, ...words]);
  return { code, stdout };
}

test('the last line of .ci/run sums up the counts of all parts, and says how many tests Jest skipped', async () => {
  const jest = JSON.stringify(HEALTHY);
  expect(await counted([0], [0, jest], [0, jest], [0, 'Node 20: passed\n4 passed, 0 failed\n'])).toEqual({
    code: 0,
    stdout: '44 passed, 0 failed, 4 skipped\n',
  });
});

test('failed tests, and files that do not load, are failures', async () => {
  const jest = JSON.stringify({ ...HEALTHY, numPendingTests: 0, numFailedTests: 2, numRuntimeErrorTestSuites: 1 });
  expect(await counted([1, jest], [1, '3 passed, 1 failed'])).toEqual({ code: 1, stdout: '23 passed, 4 failed\n' });
});

test.each<[string, [code: number, text?: string]]>([
  ['a part without counts that fails', [127]],
  ['a part that fails with no failure in its counts', [1, '0 passed, 0 failed']],
  ['a part that succeeds and leaves no counts', [0, 'nothing of the kind']],
])('%s is one failure', async (_, part) => {
  expect(await counted(part)).toEqual({ code: 1, stdout: '0 passed, 1 failed\n' });
});

test('a report of Jest that was cut off is one failure', async () => {
  expect(await counted([0, '{"numPassedTests": 2'], [0, '3 passed, 0 failed'])).toEqual({
    code: 1,
    stdout: '3 passed, 1 failed\n',
  });
});
