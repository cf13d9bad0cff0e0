/** Every flag of every command with every bad value of its kind: exit 2, the flag named, nothing written. */
import { expect } from '@jest/globals';
import { COMMANDS } from '../../src/commands/index.ts';
import { type Flag, isSwitch, needsValue } from '../../src/flags/flag.ts';
import { pathOrNothing, runName } from '../../src/flags/train-flags.ts';
import { path } from '../../src/value-kinds.ts';
import { CALLED } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { attempt, expectRefusal, testRefusal, together } from './refusal.ts';

const folder = temporaryFolder();

/** Bad for every flag that takes a value, except for a path, which may be any text. */
const NO_VALUES = ['', 'word', '-1', '1e999'];
const NO_NAMES = ['', '.', '..', 'a/b', '/', 'a\nb', 'earlier', 'last.safetensors', 'tensorboard', '.lock'];
const NO_SWITCHES = ['', 'yes', '1'];

function badValues(flag: Flag): readonly string[] {
  const { values } = flag;
  if (isSwitch(flag)) return NO_SWITCHES;
  if (values === path || values === pathOrNothing) return [''];
  if (values === runName) return NO_NAMES;
  const texts = new Set([...NO_VALUES, '0.5', ...beyondTheRange(values.wanted)]);
  return [...texts].filter((text) => !values.isValid(values.parse(text))); // 0.5 is a fraction, and so on
}

/** The whole numbers on either side of a range. */
function beyondTheRange(wanted: string): string[] {
  const [, least, most] = /whole number (?:from|of at least) (\d+)(?: to (\d+))?/.exec(wanted) ?? [];
  return [...(least ? [String(Number(least) - 1)] : []), ...(most ? [String(Number(most) + 1)] : [])];
}

/**
 * Flags that several commands share: the first of these tries every bad value, the others whether they check at all.
 */
const tried = new Set<Flag>();

/** All command lines are tried in one process. */
const inOneProcess = together(folder);

for (const [command, { flags }] of Object.entries(COMMANDS)) {
  for (const [name, flag] of Object.entries(flags)) {
    const values = badValues(flag).slice(0, tried.has(flag) ? 1 : undefined);
    tried.add(flag);
    const shown = values.map((value) => JSON.stringify(value));
    const target = command === 'train' && name !== 'checkpoint-dir' ? ['--checkpoint-dir', 'made'] : [];
    const tries = values.map((value) => inOneProcess(() => [command, ...target, `--${name}=${value}`]));
    testFault(`${command} --${name}= ${shown.join(', ')}`, `exit 2 naming --${name}, nothing written`, async (see) => {
      const attempts = await Promise.all(tries.map((attempt) => attempt()));
      const codes = [...new Set(attempts.map(({ code }) => code))];
      see(`${attempts.length} times exit ${codes.join(', ')}: ${attempts.at(-1)?.stderr}`);
      for (const [index, each] of attempts.entries()) {
        expectRefusal(each, { code: 2, message: `resnet: --${name} ` });
        expect(each.stderr).toContain(`got ${shown[index]}`);
      }
    });
  }
}

const refused = (fault: string, words: readonly string[], message: string) =>
  testRefusal(
    fault,
    { code: 2, message },
    inOneProcess(() => words),
  );

testRefusal('a mistake in a process of its own', { code: 2, message: 'unknown option -v;' }, () =>
  attempt(folder, ['-v']),
);
refused('no command', [], `a command is needed; see ${CALLED} --help`);
for (const [command, { flags }] of Object.entries(COMMANDS)) {
  const name = Object.entries(flags).find(([, flag]) => needsValue(flag))?.[0];
  if (name !== undefined)
    refused(`${command} with a flag, but no value after it`, [command, `--${name}`], `--${name} needs a value`);
}
refused(
  'an unknown command',
  ['trian'],
  'unknown command trian; did you mean train?; the commands are summary, data, train, ',
);
refused('an empty command', [''], 'unknown command "";');
refused('an unknown command with an option', ['trian', '--epochs', '3'], 'unknown command trian; did you mean train?;');
refused('a name of every object as a command', ['constructor'], 'unknown command constructor');
refused('two commands', ['summary', 'train'], 'summary takes no word without a flag, got train: ');
refused(
  'a word in front of a command',
  ['nope', 'train'],
  'unknown command nope; the commands are summary, data, train, ',
);
refused(
  'a word without a flag',
  ['bench', 'foo'],
  `bench takes no word without a flag, got foo: put its flag before it, or leave it out; see ${CALLED} bench --help`,
);
refused('two runs', ['report', 'a', 'b'], `report takes one RUN, got 2: a b; see ${CALLED} report --help`);
refused('two paths and a switch', ['verify', 'a', '--json', 'b'], 'verify takes one RUN, got 2: a b;');
for (const command of ['eval', 'report', 'verify'])
  refused(
    `${command} with two names of a run`,
    [command, 'a', '--checkpoint', 'b'],
    '"a" and --checkpoint "b" each name a run: give one of them',
  );
refused('an empty run', ['report', ''], 'RUN must be a path, got ""');
refused('a flag in front of the command that it lacks', ['--epochs', '1', 'summary'], 'unknown option --epochs');
refused('another command’s flag', ['summary', '--lr', '1'], 'unknown option --lr');
refused('a name of every object as a flag', ['summary', '--toString', '1'], 'unknown option --toString');
refused('a flag with a dot', ['summary', '--depth.x', '18'], 'unknown option --depth.x');
refused('a short flag', ['summary', '-d', '18'], 'unknown option -d');
refused(
  'a flag with one dash',
  ['train', '-lr', '0.1'],
  `unknown option -lr; did you mean --lr?; see ${CALLED} train --help`,
);
refused('a flag with one dash and an h', ['summary', '-depth', '50'], 'unknown option -depth; did you mean --depth?');
refused('a short flag without a command', ['-v'], `unknown option -v; see ${CALLED} --help`);
refused('the name of every object’s prototype as a flag', ['train', '--__proto__', '1'], 'unknown option --__proto__;');
refused('the name of yargs’s list of words as a flag', ['summary', '--_', '3'], 'unknown option --_;');
refused(
  'an unknown flag after a value that is a command’s name',
  ['--checkpoint-dir', 'eval', 'train', '--widht', '3'],
  `unknown option --widht; did you mean --width?; see ${CALLED} train --help`,
);
refused('an empty word', ['bench', ''], 'bench takes no word without a flag, got "": put its flag before it');
refused('an empty path of data', ['train', ''], 'DATA must be a path, got ""');
refused(
  'data named twice',
  ['train', 'a', '--data-dir', 'b'],
  'the data are named twice, "a" and --data-dir "b": leave one out',
);
refused(
  'a flag in camel case',
  ['train', '--batchSize', '8'],
  'unknown option --batchSize; did you mean --batch-size?',
);
refused(
  'a picture whose name begins with a dash',
  ['predict', '-rf.png'],
  `unknown option -rf.png; a file of this name is ./-rf.png; see ${CALLED} predict --help`,
);
refused('words after --', ['summary', '--', '--depth'], 'unknown option --');
refused(
  'a value of two lines',
  ['summary', '--width', '1\n2'],
  '--width must be a whole number from 1 to 1024, got "1\\n2"',
);
refused('a flag twice', ['train', '--lr', '1', '--lr=2'], '--lr is given twice, with "1" and "2": give it once');
refused(
  'a flag on either side of the command',
  ['--lr', '1', 'train', '--lr', '1'],
  '--lr is given twice, with "1" and',
);
refused(
  'a flag three times',
  ['eval', '--worst=1', '--worst=2', '--worst=3'],
  '--worst is given 3 times, with "1" and',
);
refused('a switch twice', ['summary', '--json', '--json'], '--json is given twice: give it once');
refused(
  'a flag once with its value and once without it',
  ['train', '--resume', 'a', '--resume'],
  '--resume is given twice, with "a" and nothing: give it once',
);
refused(
  'a warm-up longer than the run',
  ['train', '--warmup', '3', '--epochs', '2'],
  '--warmup 3 is longer than --epochs 2',
);
for (const [word, choice] of Object.entries({ cuda: 'gpu', 'cuda:0': 'gpu', NVIDIA: 'gpu', CPU: 'cpu', mps: 'auto' }))
  refused(`--device ${word}`, ['train', '--device', word], `got "${word}"; did you mean ${choice}?`);
