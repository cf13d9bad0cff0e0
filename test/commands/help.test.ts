/** `resnet COMMAND --help`, by the real binary: groups, defaults, examples that parse, and a width of 80 columns. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readCommandLine } from '../../src/cli.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { helpText, inGroups } from '../../src/flags/help-text.ts';
import { RECIPES } from '../../src/run/recipes.ts';
import { FLAG_GROUPS } from '../../src/run/settings/setting.ts';
import { resnet } from '../support/resnet.ts';

const COLUMNS = 80;

describe.each(Object.entries(COMMANDS))('resnet %s --help', (name, { flags, examples }) => {
  let help: string;
  beforeAll(async () => {
    const { code, stdout, stderr } = await resnet([name, '--help'], { COLUMNS: String(COLUMNS) });
    expect([code, stderr]).toEqual([0, '']);
    help = stdout;
  });

  test('fits 80 columns', () => {
    const tooWide = help.split('\n').filter((line) => [...line].length > COLUMNS);
    expect(tooWide).toEqual([]);
  });

  test('lists every flag with its meaning and its default, group by group', () => {
    // Every command has --help and --version among those of its output.
    const groups = FLAG_GROUPS.filter(
      (group) => group === 'Output' || Object.values(flags).some((flag) => flag.group === group),
    );
    const headings = help.split('\n').filter((line) => /^[A-Z]\w+:$/.test(line));
    expect(headings.filter((line) => line !== 'Arguments:')).toEqual([
      ...groups.map((each) => `${each}:`),
      'Examples:',
    ]);
    const text = help.replace(/\s+/g, ' ');
    const places = inGroups(flags).map(([flag, row]) => text.indexOf(` --${flag} ${helpText(row)}`));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('ends with three examples that parse', async () => {
    const lines = help.slice(help.indexOf('Examples:')).trim().split('\n').slice(1);
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => line.trim().split('  ')[0])).toEqual(examples.map(([line]) => line));
    for (const [line] of examples) {
      const [, ...words] = line.split(' ');
      const called = await readCommandLine(words);
      expect(called?.command).toBe(COMMANDS[name]);
    }
  });
});

test('resnet train --help shows the defaults of all recipes as they are in their table', async () => {
  const { stdout } = await resnet(['train', '--help']);
  const text = stdout.replace(/\s+/g, ' ');
  const { lesson, fast, best, sprint } = RECIPES;
  expect([lesson.batchSize, best.batchSize, sprint.batchSize]).toEqual([128, 128, 128]);
  expect(text).toContain(
    `--batch-size images of a training step [default: ${fast.batchSize} (fast, photo), 128 (lesson, best, sprint), 32 (finetune)]`,
  );
  expect(text).toContain(
    `[default: 64 (lesson, fast, photo, finetune), ${best.width} (best), ${sprint.width} (sprint)]`,
  );
  expect(text).toContain(`[default: ${fast.betas} (fast), 0.9,0.999 (lesson, best, sprint, photo, finetune)]`);
  expect(text).toContain(`[default: 0 (lesson, fast, finetune), ${best.weightDecay} (best, sprint, photo)]`);
  expect(text).toContain(
    '[default: imagenet (lesson, fast, sprint, finetune), cifar (best), cifar for images of up to 64 pixels a side, else imagenet (photo)]',
  );
});

test('resnet --help fits 80 columns', async () => {
  const { stdout } = await resnet(['--help']);
  expect(stdout.split('\n').filter((line) => [...line].length > COLUMNS)).toEqual([]);
});

test.each(['train', 'summary', 'bench'])('resnet %s --help names the parts that --freeze takes', async (command) => {
  const { stdout } = await resnet([command, '--help']);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    / --freeze [^[]+, with commas between: stem, stage1, stage2, stage3, stage4, or body for all \[default: none/,
  );
});
