/** `docs/flags.md` is what the tables of flags say. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { flagsPage } from '../../scripts/flags-page.ts';
import { COMMANDS } from '../../src/commands/index.ts';

const page = readFileSync('docs/flags.md', 'utf8');

test('docs/flags.md is up to date (else: npm run docs:flags)', () => {
  expect(page).toBe(flagsPage());
});

test('docs/flags.md has a row for every flag of every command', () => {
  const sections = page.split(/^## resnet /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(Object.keys(COMMANDS));
  for (const [index, { flags }] of Object.values(COMMANDS).entries()) {
    const rows = [...(sections[index] ?? '').matchAll(/^\| `--([^`]+)` \|/gm)].map((match) => match[1]);
    expect(rows.toSorted()).toEqual(Object.keys(flags).toSorted());
  }
});
