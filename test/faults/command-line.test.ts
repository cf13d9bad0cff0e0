/** Every flag of every command with every bad value of its kind: exit 2, the flag named, nothing written. */
import { expect } from '@jest/globals';
import {
  below1,
  type Check,
  notNegative,
  path,
  pathOrNothing,
  positive,
  runName,
  timeSpan,
} from '../../src/commands/flags/flag-checks.ts';
import type { Flag } from '../../src/commands/flags/flags.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type Attempt, attempt, attemptMany, expectRefusal, testRefusal } from './refusal.ts';

const folder = temporaryFolder();

/** Bad for every flag that takes a value, but for a path, which may be any text. */
const NO_VALUES = ['', 'word', '-1', '1e999'];
const NO_NAMES = ['', '.', '..', 'a/b', '/', 'a\nb', 'earlier', 'last.safetensors', 'tensorboard', '.lock'];
const NO_SWITCHES = ['', 'yes', '1'];

function badValues({ check }: Flag): readonly string[] {
  if (check === undefined) return NO_SWITCHES;
  if (check === path || check === pathOrNothing) return [''];
  if (check === runName) return NO_NAMES;
  if (check === positive || check === notNegative || check === below1 || check === timeSpan) return NO_VALUES;
  return [...new Set([...NO_VALUES, '0.5', ...beyondTheRange(check)])];
}

/** The whole numbers on either side of the range that a check tells where it refuses a word. */
function beyondTheRange(check: Check): string[] {
  const problem = (() => {
    try {
      return String(check('flag', 'word'));
    } catch (error) {
      return String(error);
    }
  })();
  const [, least, most] = /whole number (?:from|of at least) (\d+)(?: to (\d+))?/.exec(problem) ?? [];
  return [...(least ? [String(Number(least) - 1)] : []), ...(most ? [String(Number(most) + 1)] : [])];
}

/** Flags that several commands share: the first of these tries every bad value, the others whether they check at all. */
const tried = new Set<Flag>();

for (const [command, { flags }] of Object.entries(COMMANDS)) {
  /** `--flag=value` for each bad value of each flag, tried in one process. */
  const commandLines: string[][] = [];
  let tries: Promise<Attempt[]> | undefined;
  for (const [name, flag] of Object.entries(flags)) {
    const values = badValues(flag).slice(0, tried.has(flag) ? 1 : undefined);
    tried.add(flag);
    const shown = values.map((value) => JSON.stringify(value));
    const target = command === 'train' && name !== 'checkpoint-dir' ? ['--checkpoint-dir', 'made'] : [];
    const first = commandLines.length;
    commandLines.push(...values.map((value) => [command, ...target, `--${name}=${value}`]));
    testFault(`${command} --${name}= ${shown.join(', ')}`, `exit 2 naming --${name}, nothing written`, async (see) => {
      tries ??= attemptMany(folder, commandLines);
      const attempts = (await tries).slice(first, first + values.length);
      const codes = [...new Set(attempts.map(({ code }) => code))];
      see(`${attempts.length} times exit ${codes.join(', ')}: ${attempts.at(-1)?.stderr}`);
      expect(attempts).toHaveLength(values.length);
      for (const [index, each] of attempts.entries()) {
        expectRefusal(each, { code: 2, message: `resnet: --${name} ` });
        expect(each.stderr).toContain(`got ${shown[index]}`);
      }
    });
  }
}

const refused = (fault: string, words: readonly string[], message: string) =>
  testRefusal(fault, { code: 2, message }, () => attempt(folder, words));

refused('no command', [], 'a command is needed; see resnet --help');
for (const [command, { flags }] of Object.entries(COMMANDS)) {
  const name = Object.keys(flags).find((each) => flags[each]?.check && !flags[each].optionalValue);
  if (name !== undefined)
    refused(`${command} with a flag, but no value behind it`, [command, `--${name}`], `--${name} needs a value`);
}
refused('an unknown command', ['trian'], 'unknown command trian; did you mean train?');
refused('an empty command', [''], 'unknown command ');
refused('a name of every object as a command', ['constructor'], 'unknown command constructor');
refused('two commands', ['summary', 'train'], 'unknown command train');
refused('a flag in front of the command that it lacks', ['--epochs', '1', 'summary'], 'unknown option --epochs');
refused('another command’s flag', ['summary', '--lr', '1'], 'unknown option --lr');
refused('a name of every object as a flag', ['summary', '--toString', '1'], 'unknown option --toString');
refused('a flag with a dot', ['summary', '--depth.x', '18'], 'unknown option --depth.x');
refused('a short flag', ['summary', '-d', '18'], 'unknown option -d');
refused(
  'a flag in camel case',
  ['train', '--batchSize', '8'],
  'unknown option --batchSize; did you mean --batch-size?',
);
refused('words behind --', ['summary', '--', '--depth'], 'unknown option --');
refused(
  'a value of two lines',
  ['summary', '--width', '1\n2'],
  '--width must be a whole number from 1 to 1024, got "1\\n2"',
);
refused('a flag twice, the last time wrong', ['summary', '--depth', '18', '--depth', '19'], '--depth must be one of');

testFault('a flag twice, both times right', 'the last counts', async (see) => {
  const [once, twice] = await Promise.all([
    attempt(folder, ['summary', '--depth', '50']),
    attempt(folder, ['summary', '--depth', '18', '--depth', '50']),
  ]);
  see(twice.stdout === once.stdout ? 'the last counts' : twice.stdout);
  expect(twice).toEqual(once);
});
