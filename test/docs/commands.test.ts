/** Every `npx resnet` line of the pages for readers, parsed by the command line's own parser. */
import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/cli.ts';
import { COMMANDS } from '../../src/commands/index.ts';
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

describe('the command line accepts', () => {
  test.each(commandLines)('npx resnet $line ($path)', async ({ words }) => {
    const rest = words.filter((word) => word !== '--help' && word !== '--version'); // which print, and parse nothing
    if (rest.length > 0) expect(await readCommandLine(rest)).toBeDefined();
  });
});
