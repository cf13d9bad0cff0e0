/** Which files of tests `npm test`, `npm run test:slow` and `npm run test:all` run. */
import { existsSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import LongestFirst, { LONGEST } from '../support/longest-first.js';
import { command } from '../support/resnet.ts';

/** The files that Jest would run, by their paths in the project. */
async function filesOf(set: string | undefined, ...words: readonly string[]): Promise<string[]> {
  const jest = [
    process.execPath,
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--listTests',
    ...words,
  ];
  const { code, stdout } = await command(jest, { RESNET_TESTS: set });
  expect(code).toBe(0);
  const paths = stdout.trimEnd().split('\n');
  return paths.map((path) => relative('.', path)).sort();
}

test('the quick and the slow files are all files, and none is both', async () => {
  const [quick, slow, all] = [await filesOf('quick'), await filesOf('slow'), await filesOf(undefined)];
  expect(quick.length).toBeGreaterThan(50);
  expect(slow.length).toBeGreaterThan(10);
  expect([...quick, ...slow].sort()).toEqual(all);
});

test('a path that begins with test/ runs every file that it matches, slow ones too', async () => {
  const slow = 'test/setup/test-sets.slow.test.ts';
  expect(await filesOf('quick', slow)).toEqual([slow]);
  expect(await filesOf('slow', 'test/setup/plan')).toEqual(['test/setup/plan.test.ts']);
});

test('the longest files are run first, and others by their size', async () => {
  const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const [first = '', second = ''] = LONGEST;
  const names = ['support/longest-first.js', 'setup/test-sets.slow.test.ts', second, 'faults/kill-at-call.c', first];
  const sorted = new LongestFirst().sort(names.map((name) => ({ path: pathOf(name) })));
  const [c, mine, js] = ['faults/kill-at-call.c', 'setup/test-sets.slow.test.ts', 'support/longest-first.js'];
  expect(sorted.map(({ path }) => path).slice(0, 3)).toEqual([first, second, c].map(pathOf));
  expect(sorted.map(({ path }) => path).slice(3)).toEqual(
    [mine, js].map(pathOf).toSorted((a, b) => statSync(b).size - statSync(a).size),
  );
  expect(LONGEST.filter((name) => !existsSync(pathOf(name)))).toEqual([]);
});
