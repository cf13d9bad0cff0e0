/** Every flag of every command with every bad value of its kind: exit 2, the flag named, nothing written. */
import { expect } from '@jest/globals';
import { path, positive } from '../../src/commands/flag-checks.ts';
import type { Flag } from '../../src/commands/flags.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { type Attempt, attempt, expectRefusal, testRefusal } from './refusal.ts';

const folder = temporaryFolder();
const AT_ONCE = 4;

/** Bad for every flag that takes a value, but for a path, which may be any text. */
const NO_VALUES = ['', 'word', '-1', '1e999'];
const NO_SWITCHES = ['', 'yes', '1'];

function badValues({ check }: Flag): string[] {
  if (check === undefined) return NO_SWITCHES;
  if (check === path) return [''];
  return check === positive ? NO_VALUES : [...NO_VALUES, '0.5'];
}

/** The whole numbers on either side of the range that a refusal tells. */
function beyondTheRange(message: string): string[] {
  const [, least, , most] = /number (?:from|of at least) (\d+)( to (\d+))?/.exec(message) ?? [];
  return [least && String(Number(least) - 1), most && String(Number(most) + 1)].filter((text) => text !== undefined);
}

/** Tries `--flag=value` with each value, a few at a time. */
async function attemptEach(command: string, flag: string, values: readonly string[]): Promise<Attempt[]> {
  const target = command === 'train' && flag !== 'checkpoint-dir' ? ['--checkpoint-dir', 'made'] : [];
  const attempts: Attempt[] = [];
  for (let begin = 0; begin < values.length; begin += AT_ONCE) {
    const words = values.slice(begin, begin + AT_ONCE).map((value) => [command, ...target, `--${flag}=${value}`]);
    attempts.push(...(await Promise.all(words.map((each) => attempt(folder, each)))));
  }
  return attempts;
}

for (const [command, { flags }] of Object.entries(COMMANDS)) {
  for (const [name, flag] of Object.entries(flags)) {
    const values = badValues(flag);
    testFault(
      `${command} --${name}= with ${values.map((value) => JSON.stringify(value)).join(', ')}${values.length > 1 && flag.check ? ' or a number beyond its range' : ''}`,
      `exit 2 naming --${name}, nothing written`,
      async (see) => {
        const attempts = await attemptEach(command, name, values);
        const beyond = beyondTheRange(attempts[0]?.stderr ?? '');
        attempts.push(...(await attemptEach(command, name, beyond)));
        const codes = [...new Set(attempts.map(({ code }) => code))];
        see(`${attempts.length} times exit ${codes.join(', ')}: ${attempts.at(-1)?.stderr}`);
        for (const [index, value] of [...values, ...beyond].entries()) {
          const message = new RegExp(
            `^resnet: --${name} .*got ${JSON.stringify(value).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`,
          );
          expectRefusal(attempts[index] as Attempt, { code: 2, message });
        }
      },
    );
  }

  const valued = Object.keys(flags).filter((name) => flags[name]?.check);
  testFault(
    `${command} with each of its flags, but no value behind it`,
    'exit 2 naming the flag, nothing written',
    async (see) => {
      for (let begin = 0; begin < valued.length; begin += AT_ONCE) {
        const names = valued.slice(begin, begin + AT_ONCE);
        const attempts = await Promise.all(names.map((name) => attempt(folder, [command, `--${name}`])));
        for (const [index, each] of attempts.entries()) {
          see(`exit ${each.code}: ${each.stderr}`);
          expectRefusal(each, { code: 2, message: `--${names[index]} needs a value; see resnet ${command} --help` });
        }
      }
    },
  );
}

const refused = (fault: string, words: readonly string[], message: string) =>
  testRefusal(fault, { code: 2, message }, () => attempt(folder, words));

refused('no command', [], 'a command is needed; see resnet --help');
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
