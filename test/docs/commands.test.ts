/** Every `npx resnet` line of the pages for readers, parsed by the command line's own parser. */
import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/cli.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { RECIPES } from '../../src/run/recipes.ts';
import { settingsOf } from '../../src/run/settings.ts';
import { commandLinesOf, PAGES } from './markdown.ts';

const commandLines = PAGES.flatMap((page) =>
  commandLinesOf(page)
    .filter((words) => words.length > 0) // `npx resnet` alone is a mention
    .map((words) => ({ path: page.path, line: words.join(' '), words })),
);

test('README has an example of every command', () => {
  const shown = commandLines.filter(({ path }) => path === 'README.md').map(({ words }) => words[0]);
  expect(Object.keys(COMMANDS).filter((name) => !shown.includes(name))).toEqual([]);
});

test('docs/training.md gives each recipe the settings that it has', async () => {
  const training = PAGES.find(({ path }) => path === 'docs/training.md');
  const rows = training?.prose.matchAll(/^\| `(\w+)`.* \| `(--[^`]+)` \|$/gm) ?? [];
  const recipes: Record<string, unknown> = {};
  for (const [, name = '', flags = ''] of rows) {
    const called = await readCommandLine(['train', ...flags.split(' ')]);
    recipes[name] = settingsOf(called?.given ?? {});
  }
  expect(recipes).toEqual(RECIPES);
});

describe('the command line accepts', () => {
  test.each(commandLines)('npx resnet $line ($path)', async ({ words }) => {
    const rest = words.filter((word) => word !== '--help' && word !== '--version'); // which print, and parse nothing
    if (rest.length > 0) expect(await readCommandLine(rest)).toBeDefined();
  });
});
