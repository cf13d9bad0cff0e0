/** Every file of code begins with a line that says what the file is. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const CODE = ['ts', 'js', 'mjs', 'py', 'c', 'cc', 'h', 'sh'].map((extension) => `*.${extension}`);

/** A comment or a docstring, in the languages of this project; a line for the loader of Jest's settings may come first. */
const HEADER = /^(?:#!.*\n|\/\*\* @jest-config-loader .*\n(?:import .*\n|\n)*)?(?:\/\*|\/\/|# |""")/;

test('every file of code begins with a header that says what it is', () => {
  const files = execFileSync('git', ['ls-files', ...CODE], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(files.length).toBeGreaterThan(400);
  expect(files.filter((file) => !HEADER.test(readFileSync(file, 'utf8')))).toEqual([]);
});
