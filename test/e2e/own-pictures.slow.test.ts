/**
 * Models of pictures in folders of classes: drawn digits, trained on, evaluated and resumed with their names. Each fault of
 * the pictures ends with its exit code.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { writeDigitTree } from '../../scripts/draw-data/digit-tree.ts';
import { unblockDecoders } from '../support/decoders.ts';
import { withRuntime } from '../support/own-cache.ts';
import { resnet, resnetMany } from '../support/resnet.ts';
import { eventsIn } from '../support/runs.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

unblockDecoders();

const folder = temporaryFolder();
const tree = join(folder, 'digits');
const runs = join(folder, 'runs');
const cache = join(folder, 'cache');
process.env.RESNET_CACHE = withRuntime(cache);

const OF_EACH = 30;
const SIDE = 24;
/** Digits by the code points of their names. */
const NAMES = ['eight', 'five', 'four', 'nine', 'one', 'seven', 'six', 'three', 'two', 'zero'];
const small = ['--width', '8', '--no-compile', '--batch-size', '16', '--checkpoint-dir', runs];

interface Evaluation {
  readonly images: number;
  readonly classes: { readonly label: number; readonly labelName: string; readonly support: number }[];
  readonly topConfusions: Confusion[];
  readonly worst: (Confusion & { readonly imageName: string })[];
}

interface Confusion {
  readonly label: number;
  readonly labelName: string;
  readonly guess: number;
  readonly guessName: string;
}

beforeAll(() => writeDigitTree(tree, { ofEach: OF_EACH, side: SIDE }));

describeWithTensorFlow('a tree of drawn digits in ten named folders', () => {
  beforeAll(async () => {
    const words = ['train', tree, ...small, '--epochs', '2', '--name', 'digits'];
    const { code, stdout, stderr } = await resnet(words);
    const kept = `the prepared images are kept for the next start in ${join(cache, 'data')}, 1 MB with those of other data\n`;
    expect([code, stderr]).toEqual([0, kept]);
    expect(stdout).toContain('\n  240 training images, 30 for validation, 30 held out for test\n');
    expect(stdout.replaceAll('\n  ', ' ')).toContain(
      `\nclasses 10, 24 training images each: ${NAMES.join(', ')}\nimages 3×24×24, `,
    );
  }, 180_000);

  const evaluated = async (split: string): Promise<Evaluation> => {
    const words = [
      'eval',
      'digits',
      '--checkpoint-dir',
      runs,
      '--no-compile',
      '--split',
      split,
      '--worst',
      '30',
      '--json',
    ];
    const { code, stdout, stderr } = await resnet(words);
    expect([code, stderr]).toEqual([0, '']); // no notice: no picture was decoded
    return JSON.parse(stdout);
  };

  test.each(['test', 'val'])(
    'is evaluated on its %s images with the names of classes, and decodes no picture again',
    async (split) => {
      const before = readdirSync(join(cache, 'data'));
      const { images, classes, topConfusions, worst } = await evaluated(split);
      expect(readdirSync(join(cache, 'data'))).toEqual(before);
      expect(images).toBe(30);
      expect(classes.map(({ label, labelName, support }) => [label, labelName, support])).toEqual(
        NAMES.map((name, label) => [label, name, 3]),
      );
      for (const { label, labelName, guess, guessName } of [...topConfusions, ...worst]) {
        expect([labelName, guessName]).toEqual([NAMES[label], NAMES[guess]]);
      }
      for (const { labelName, imageName } of worst)
        expect(imageName).toMatch(new RegExp(`^${labelName}/00\\d\\d\\.(png|jpeg|webp)$`));
    },
  );

  test('is resumed from the cache, by the order of its classes', async () => {
    const words = ['train', '--resume', 'digits', '--checkpoint-dir', runs, '--epochs', '3'];
    const { code, stdout, stderr } = await resnet(words);
    expect(code).toBe(0);
    expect(stderr).not.toContain('decoded');
    expect(stdout).toContain('\n  at epoch 3, step 1 of 15 (30 steps done)\n');
    const starts = eventsIn(join(runs, 'digits')).filter(({ event }) => event === 'start');
    expect(starts.map(({ data }) => (data as { classNames: string[] }).classNames)).toEqual([NAMES, NAMES]);
  });
});

describeWithTensorFlow('a tree of train, val and test', () => {
  const parts = join(folder, 'parts');
  beforeAll(async () => {
    await writeDigitTree(join(parts, 'train'), { ofEach: 20, side: SIDE, digits: [0, 1, 2] });
    await writeDigitTree(join(parts, 'val'), { ofEach: 6, first: 20, side: SIDE, digits: [0, 1] });
    await writeDigitTree(join(parts, 'test'), { ofEach: 4, first: 26, side: SIDE, digits: [2] });
  });

  test('matches the classes by name where a part lacks some', async () => {
    const [trained, validated, tested] = await resnetMany([
      ['train', parts, ...small, '--epochs', '1', '--name', 'parts'],
      ['eval', 'parts', '--checkpoint-dir', runs, '--no-compile', '--split', 'val', '--json'],
      ['eval', 'parts', '--checkpoint-dir', runs, '--no-compile', '--json'],
    ]);
    expect(trained.stdout).toContain(
      '60 training images, 12 for validation\nclasses 3, 20 training images each: one, two, zero\n',
    );
    const supports = [validated, tested].map(({ stdout }) =>
      (JSON.parse(stdout) as Evaluation).classes.map(({ labelName, support }) => [labelName, support]),
    );
    expect(supports).toEqual([
      [
        ['one', 6],
        ['two', 0],
        ['zero', 6],
      ],
      [
        ['one', 0],
        ['two', 4],
        ['zero', 0],
      ],
    ]);
  });

  test('is refused --val-size, for it has validation images of its own (exit 2)', async () => {
    const refused = await resnet(['train', parts, ...small, '--val-size', '5', '--name', 'refused']);
    const problem = `--val-size has no effect: ${parts} has validation images of its own; leave it out`;
    expect(refused).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`resnet: ${problem}\n`) });
  });
});

describeWithTensorFlow('a truncated picture', () => {
  const broken = join(folder, 'broken');
  const picture = join('two', '0000.png');
  beforeAll(async () => {
    await writeDigitTree(broken, { ofEach: 12, side: SIDE, digits: [1, 2] });
    truncateSync(join(broken, picture), 200);
  });
  const problem = `${picture}: is damaged or cut off; copy it again, or save it as a new PNG or JPEG`;

  test('ends the run before it has a folder (exit 3)', async () => {
    const { code, stdout, stderr } = await resnet(['train', broken, ...small, '--name', 'whole']);
    expect([code, stdout, stderr]).toEqual([3, '', `resnet: ${problem}\n`]);
    expect(existsSync(join(runs, 'whole'))).toBe(false);
  });

  test('is left out by --skip-broken, and listed in events.ndjson', async () => {
    const words = ['train', broken, ...small, '--skip-broken', '--epochs', '1', '--name', 'skipped'];
    const { code, stdout, stderr } = await resnet(words);
    expect(code).toBe(0);
    expect(stderr).toContain(
      `warning: 1 picture skipped that cannot be read; events.ndjson lists them; the first: ${problem}\n`,
    );
    expect(stdout).toContain('\n  19 training images, 2 for validation, 2 held out for test\n');
    const events = eventsIn(join(runs, 'skipped')).filter(({ event }) => event === 'skipped');
    expect(events).toEqual([{ event: 'skipped', step: 0, pictures: [{ name: picture, problem }] }]);
  });
});

describe('faults of a tree, each in one line:', () => {
  const faulty = (name: string, change: (path: string) => void): string => {
    const path = join(folder, name);
    cpSync(join(tree, 'one'), join(path, 'one'), { recursive: true });
    cpSync(join(tree, 'two'), join(path, 'two'), { recursive: true });
    change(path);
    return path;
  };

  test.each<[string, (path: string) => void, number, string]>([
    ['an empty class', (path) => mkdirSync(join(path, 'three')), 3, '/three: the class three has no picture'],
    [
      'an archive alone',
      (path) => alone(path, 'digits.zip'),
      3,
      ': holds the archive digits.zip and no data that are read',
    ],
    ['no class folder', (path) => alone(path, 'a.png'), 3, ': holds pictures that are in no folder of a class'],
  ])('%s', async (name, change, code, problem) => {
    const path = faulty(name, change);
    const refused = await resnet(['train', path, ...small, '--name', 'refused']);
    expect(refused).toEqual({ code, stdout: '', stderr: expect.stringMatching(/^resnet: .+\n$/) });
    expect(refused.stderr).toContain(`resnet: ${path}${problem}`);
  });

  test('a number of classes that the names contradict (exit 2), and nothing at the path (exit 3)', async () => {
    const [contradicted, missing] = await resnetMany([
      ['train', tree, ...small, '--classes', '3', '--name', 'refused'],
      ['train', join(folder, 'away'), ...small, '--name', 'refused'],
    ]);
    const problem = `--classes has no effect: ${tree} names its 10 classes; leave it out`;
    expect(contradicted).toMatchObject({ code: 2, stderr: expect.stringContaining(problem) });
    const nothing = `resnet: ${join(folder, 'away')}: no such file or folder; check its name\n`;
    expect(missing).toMatchObject({ code: 3, stderr: nothing });
  });
});

/** Leaves one file in a folder, and nothing else. */
function alone(path: string, file: string): void {
  rmSync(path, { recursive: true });
  mkdirSync(path);
  writeFileSync(join(path, file), readFileSync(join(tree, 'one', '0000.png')));
}
