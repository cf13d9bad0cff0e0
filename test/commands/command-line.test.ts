/** How the words of a command line become values: switches, lists, and flags before the command's name. */
import { describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/cli.ts';

const valuesOf = async (line: string) => (await readCommandLine(line.split(' ')))?.values;

describe('a switch', () => {
  test.each([
    ['summary --json', true],
    ['summary --json true', true],
    ['summary --json false', false],
    ['summary --json=false', false],
    ['--json summary', true],
  ])('%s is %s', async (line, expected) => {
    expect((await valuesOf(line))?.json).toBe(expected);
  });

  test('that stands alone leaves the next word to the command', async () => {
    expect(await valuesOf('report --json run')).toMatchObject({ json: true, run: 'run' });
  });
});

test('a flag without its optional value differs from one with it', async () => {
  expect((await valuesOf('train --resume'))?.resume).toEqual({});
  expect((await valuesOf('train --resume true'))?.resume).toEqual({ path: 'true' });
  expect((await valuesOf('train --resume --epochs 3'))?.resume).toEqual({});
});

test('blanks around the parts of a list do not count', async () => {
  const called = await readCommandLine(['summary', '--columns', 'name, memory ,share']);
  expect(called?.values.columns).toEqual(['name', 'memory', 'share']);
});

test.each(['checkpoint-dir', 'name'])('a value of --%s that is a command’s name is no command', async (flag) => {
  expect((await valuesOf(`--${flag} eval train --width 8`))?.[flag]).toBe('eval');
});

test('words without a flag may follow flags before the command', async () => {
  expect(await valuesOf('--json report some/run')).toMatchObject({ run: 'some/run' });
  expect(await valuesOf('--json predict a.png b.png')).toMatchObject({ files: ['a.png', 'b.png'] });
});
