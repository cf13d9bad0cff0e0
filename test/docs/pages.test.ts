/** The pages for readers: README's size and index, and the tables and links of every page. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, cellsOf, inlineCodeOf, linksOf, PAGES, tablesOf } from './markdown.ts';

const README_MOST_BYTES = 10_000;
const README_MOST_SCREEN_LINES = 25;

const readme = PAGES.find(({ path }) => path === 'README.md');

test(`README has at most ${README_MOST_BYTES} bytes`, () => {
  expect(statSync('README.md').size).toBeLessThanOrEqual(README_MOST_BYTES);
});

test(`README has screens of at most ${README_MOST_SCREEN_LINES} lines`, () => {
  const lengths = readme?.fenced.map((block) => block.trimEnd().split('\n').length) ?? [];
  expect(Math.max(...lengths)).toBeLessThanOrEqual(README_MOST_SCREEN_LINES);
});

test('README links every page of docs/', () => {
  const links = linksOf(readme?.prose ?? '');
  const pages = PAGES.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
  expect(pages.filter((path) => !links.includes(path))).toEqual([]);
});

describe.each(PAGES)('$path', ({ path, prose, fenced }) => {
  test('has as many cells in each row of a table as in its head', () => {
    const uneven = tablesOf(prose).flatMap(([head = '', ...rows]) =>
      rows.filter((row) => cellsOf(row) !== cellsOf(head)),
    );
    expect(uneven).toEqual([]);
  });

  test('has only links that lead to a file, and to a heading in it', () => {
    const broken = linksOf(prose).filter((link) => !/^https?:/.test(link) && !leadsSomewhere(path, link));
    expect(broken).toEqual([]);
  });

  test('names only files of the project that exist', () => {
    const named = inlineCodeOf(prose).filter((code) => /^(src|test|docs|bench|scripts|bin|\.ci)\/[\w./-]+$/.test(code));
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });

  test('names only npm scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = [...[prose, ...fenced].join('\n').matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

/** @param link relative to the page at `path`, with or without a heading's anchor */
function leadsSomewhere(path: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? path : normalize(join(dirname(path), file));
  if (anchor === undefined) return existsSync(target);
  const page = PAGES.find((each) => each.path === target);
  return page !== undefined && anchorsOf(page.prose).includes(anchor);
}
