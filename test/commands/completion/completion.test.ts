/** `resnet completion`: the script of bash in the real bash, those of zsh and fish where these are installed. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { completionScript } from '../../../src/commands/completion/completion.ts';
import { COMMANDS } from '../../../src/commands/index.ts';
import { SHELLS } from '../../../src/flags/completion-flags.ts';
import { oneOf, onOff } from '../../../src/value-kinds.ts';
import { resnetMany } from '../../support/resnet.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { isInstalled, offeredByBash, offeredByFish, prepareFolder } from './shells.ts';

const folder = temporaryFolder();
const flagsOf = (command: string) => Object.keys(COMMANDS[command]?.flags ?? {}).map((flag) => `--${flag}`);
const HELP = ['--help', '--version'];

/** Lines, and what is offered at their ends. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  'resnet ': Object.keys(COMMANDS),
  'resnet su': ['summary'],
  'resnet --': HELP,
  'resnet --backend wasm ev': ['eval'],
  'resnet summary --': [...flagsOf('summary'), ...HELP],
  'resnet bench ': [...flagsOf('bench'), ...HELP],
  'resnet bench --json --json': [],
  'resnet summary --depth ': ['18', '34', '50', '101', '152'],
  'resnet summary --depth 1': ['18', '101', '152'],
  'resnet summary --depth=1': ['18', '101', '152'],
  'resnet summary --depth=': ['18', '34', '50', '101', '152'],
  'resnet --depth 18 summary --format ': ['table', 'lines', 'markdown', 'json'],
  'resnet predict --format ': ['table', 'csv', 'ndjson', 'json'],
  'resnet export first --format o': ['onnx'],
  'resnet summary --columns name,t': ['name,type', 'name,trained'],
  'resnet summary --columns=type,t': ['type,trained'],
  'resnet train --freeze ': ['stem', 'stage1', 'stage2', 'stage3', 'stage4', 'body'],
  'resnet train --normalize ': ['auto'],
  'resnet train --class-weights ': ['none', 'balanced'],
  'resnet train --class-weights m': ['model.safetensors', 'my folder'],
  'resnet train --lr ': [],
  'resnet train --resume ': ['model.safetensors', 'my folder', 'pictures', 'script.bash'],
  'resnet train --resume --dry': ['--dry-run'],
  'resnet train --data-dir p': ['pictures'],
  'resnet train --data-dir=p': ['pictures'],
  'resnet eval mod': ['model.safetensors'],
  'resnet eval first --js': ['--json'],
  'resnet eval first --split ': ['test', 'val', 'train'],
  'resnet eval first -- ': [],
  'resnet eval --json -- mod': ['model.safetensors'],
  'resnet eval -- --js': [],
  'resnet predict - a.png mod': ['model.safetensors'],
  'resnet completion ': [...SHELLS],
};

describe('bash offers', () => {
  let offered: string[][];
  beforeAll(() => {
    offered = offeredByBash(folder, prepareFolder(folder, 'bash'), Object.keys(OFFERED));
  });

  test.each(Object.keys(OFFERED).map((line, index) => ({ line, index })))('what fits after: $line', (each) => {
    const sorted = offered[each.index]?.toSorted();
    expect(sorted).toEqual(OFFERED[each.line]?.toSorted());
  });
});

test('bash completes before the cursor, whatever stands after it', () => {
  const script = prepareFolder(folder, 'bash');
  const program = [
    `source ${script}; COMP_WORDS=(resnet summary --format --json) COMP_CWORD=2`,
    `COMP_LINE='resnet summary --format --json' COMP_POINT=19; _resnet resnet --fo summary; echo "\${COMPREPLY[@]}"`,
  ];
  expect(execFileSync('bash', ['--norc', '-c', program.join('\n')], { encoding: 'utf8' })).toBe('--format\n');
});

(isInstalled('fish') ? test : test.skip)('fish offers what fits, with its meaning', () => {
  const script = prepareFolder(folder, 'fish');
  const lines = ['resnet su', 'resnet summary --depth-', 'resnet summary --depth=3', 'resnet train --data-dir p'];
  const [command, flag, value, file] = offeredByFish(folder, script, lines);
  expect(command).toEqual([`summary\t${COMMANDS.summary?.describe}`]);
  expect(flag).toEqual([`--depth-limit\t${COMMANDS.summary?.flags['depth-limit']?.describe}`]);
  expect(value).toEqual([`--depth=34\t${COMMANDS.summary?.flags.depth?.describe}`]);
  expect(file).toEqual(['pictures/']);
  const others = ['resnet summary --columns name,ke', 'resnet eval -- --js', 'resnet eval mod', 'resnet bench m'];
  const [list, ...rest] = offeredByFish(folder, script, others);
  expect(list?.map((line) => line.split('\t')[0])).toEqual(['name,kernel']);
  expect(rest).toEqual([[], ['model.safetensors'], []]);
});

describe('a text with characters that shells interpret', () => {
  const evil = join(folder, 'evil');
  const describe = `it's "a" [b]: c\\d $(touch ${evil}) \`touch ${evil}\` \${HOME} !! #x & | ; ; *`;
  const flags = {
    tricky: { group: 'Run', describe, values: oneOf(['plain', 'a$b', "it's"]) },
    simple: { group: 'Run', describe, values: onOff },
  } as const;
  const commands = { run: { describe, flags, examples: [], run: async () => {} } };

  test('is no program of bash', () => {
    const script = prepareFolder(folder, 'bash', commands);
    const lines = ['resnet ', 'resnet run --t', 'resnet run --tricky ', 'resnet run '];
    const offered = offeredByBash(folder, script, lines);
    expect(offered.slice(0, 3)).toEqual([['run'], ['--tricky'], ['plain', 'a$b', "it's"]]);
    expect(existsSync(evil)).toBe(false);
  });

  (isInstalled('fish') ? test : test.skip)('is no program of fish', () => {
    const script = prepareFolder(folder, 'fish', commands);
    const lines = ['resnet ', 'resnet run --t', 'resnet run --tricky p', 'resnet run --tricky a'];
    expect(offeredByFish(folder, script, lines)).toEqual([
      [`run\t${describe}`],
      [`--tricky\t${describe}`],
      [`plain\t${describe}`],
      [`a$b\t${describe}`],
    ]);
    expect(existsSync(evil)).toBe(false);
  });

  (isInstalled('zsh') ? test : test.skip)('is no program of zsh', () => {
    const script = prepareFolder(folder, 'zsh', commands);
    // Beside the completion, `_describe` and `_arguments` print what they are given.
    const program = [
      'compdef() { :; }; _describe() { print -rl -- $commands; }; _arguments() { print -rl -- "$@"; state=command; }',
      `source ${script}; _resnet; words=(run); _arguments() { print -rl -- "$@"; state=rest; }; _resnet`,
    ].join('\n');
    const printed = execFileSync('zsh', ['-f', '-c', program], { cwd: folder, encoding: 'utf8' }).split('\n');
    const inBrackets = describe.replace(/[[\]\\]/g, '\\$&');
    expect(printed).toContain(`run:${describe}`);
    expect(printed).toContain(`--simple[${inBrackets}]`);
    expect(printed).toContain(`--tricky=[${inBrackets}]:tricky:(plain a\\$b it\\'s)`);
    expect(existsSync(evil)).toBe(false);
  });
});

test('the words to choose from need no quotes in any shell', () => {
  const words = Object.values(COMMANDS).flatMap(({ flags }) =>
    Object.values(flags).flatMap(({ values }) => [...(values.choices ?? []), ...(values.keywords ?? [])]),
  );
  expect(words.filter((word) => !/^[\w.-]+$/.test(String(word)))).toEqual([]);
});

describe('resnet completion', () => {
  const shell = process.env.SHELL;

  test('prints the script of the shell that is named, or of the one in $SHELL', async () => {
    process.env.SHELL = '/usr/bin/zsh';
    try {
      const [fish, usual] = await resnetMany([['completion', 'fish'], ['completion']]);
      expect(fish).toMatchObject({ code: 0, stdout: completionScript('fish', COMMANDS), stderr: '' });
      expect(usual).toMatchObject({ code: 0, stdout: completionScript('zsh', COMMANDS), stderr: '' });
    } finally {
      process.env.SHELL = shell;
    }
  });

  test('refuses another shell (exit 2), and names the three', async () => {
    process.env.SHELL = '/bin/sh';
    try {
      const [other, usual] = await resnetMany([['completion', 'csh'], ['completion']]);
      expect(other).toMatchObject({ code: 2, stdout: '' });
      expect(other.stderr).toContain('SHELL must be one of bash, zsh, fish, got "csh"');
      const message = 'resnet: the shell "/bin/sh" of $SHELL has no completion: give one, bash, zsh or fish\n';
      expect(usual).toMatchObject({ code: 2, stdout: '', stderr: message });
    } finally {
      process.env.SHELL = shell;
    }
  });
});
