/** Photographs, drawn: the recipe `photo` on small and on larger images, and weights of unequal classes. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { RandomGenerator } from '../../src/random.ts';
import { jsonLines, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const pictures = join(folder, 'pictures');
const weights = join(folder, 'weights.csv');
/** Pictures of each class: its name has a comma. */
const CLASSES = { 'leaf, green': 12, sky: 4 };
const quick = ['--epochs', '1', '--width', '8', '--batch-size', '8', '--val-size', '4', '--no-compile', '--json'];

/** A picture of noise, 72 pixels high and 96 wide, in which one of its colours is stronger. */
async function draw(path: string, colour: number, generator: RandomGenerator): Promise<void> {
  const noise = new Float32Array(72 * 96 * 3);
  generator.fillUniform(noise, 60);
  const pixels = Uint8Array.from(noise, (value, at) => 110 + value + (at % 3 === colour ? 80 : 0));
  await sharp(pixels, { raw: { width: 96, height: 72, channels: 3 } })
    .jpeg()
    .toFile(path);
}

/** The runs: their folders, and what each is given beside the recipe. */
const RUNS = {
  small: ['--image-size', '48x64'],
  large: [], // the size of the pictures
  own: ['--image-size', '32', '--stem', 'imagenet'],
  plain: ['--image-size', '24'],
  weighted: ['--image-size', '24', '--class-weights', weights],
};
type Run = keyof typeof RUNS;
const folderOf = (run: string) => join(folder, run);

/** The events that a command printed: the first, and that of the epoch. */
function eventsOf({ code, stdout }: { readonly code: number; readonly stdout: string }) {
  expect(code).toBe(0);
  const events = jsonLines(stdout);
  return { start: events[0], epoch: events.find(({ event }) => event === 'epoch') as { train: { loss: number } } };
}

describeWithTensorFlow('the recipe photo', () => {
  const started = {} as Record<Run, ReturnType<typeof eventsOf>>;
  beforeAll(async () => {
    const generator = RandomGenerator.seeded(20, 'augmentation');
    for (const [colour, [name, count]] of Object.entries(CLASSES).entries()) {
      mkdirSync(join(pictures, name), { recursive: true });
      for (let index = 0; index < count; index++) {
        await draw(join(pictures, name, `${index}.jpg`), colour + 1, generator);
      }
    }
    writeFileSync(weights, 'sky,4\nleaf, green,1\n');
    const words = Object.entries(RUNS).map(([run, flags]) => [...quick, ...flags, '--checkpoint-dir', folderOf(run)]);
    const finished = await resnetMany(words.map((each) => ['train', pictures, '--recipe', 'photo', ...each]));
    for (const [at, run] of Object.keys(RUNS).entries()) started[run as Run] = eventsOf(finished[at]!);
    rmSync(weights);
  });

  test('has the stem of small images up to 64 pixels, ImageNet’s above, and the user’s in any case', async () => {
    for (const [run, stem] of [
      ['small', 'cifar'],
      ['large', 'imagenet'],
      ['own', 'imagenet'],
    ] as const) {
      const { metadata } = await loadCheckpoint(join(folderOf(run), 'best.safetensors'));
      expect(started[run].start).toMatchObject({ event: 'start', recipe: 'photo', architecture: { stem } });
      expect(metadata?.architecture.stem).toBe(stem);
      expect(metadata?.settings).toMatchObject({ stem, augment: 'photo', weightDecay: 0.05, labelSmoothing: 0.1 });
    }
  });

  test('stores the numbers of --class-weights FILE, which change the training loss', async () => {
    const { metadata } = await loadCheckpoint(join(folderOf('weighted'), 'last.safetensors'));
    expect(metadata?.settings).toMatchObject({ classWeights: [1, 4] });
    expect(started.weighted.start).toMatchObject({ classWeights: [1, 4] });
    expect(started.plain.start).not.toHaveProperty('classWeights');
    expect(started.weighted.epoch.train.loss).not.toBeCloseTo(started.plain.epoch.train.loss, 3);
  });

  test('resumes with its stem and its weights, without the file; tells other weights, and refuses another stem', async () => {
    const [weighted, small] = [folderOf('weighted'), folderOf('small')];
    const [again, balanced, refused, begun] = await resnetMany([
      ['train', '--resume', weighted, '--epochs', '2', '--json'],
      ['train', '--resume', weighted, '--epochs', '3', '--class-weights', 'balanced', '--json'],
      ['train', '--resume', small, '--stem', 'imagenet'],
      ['train', pictures, '--recipe', 'photo', ...quick, '--init', small, '--checkpoint-dir', folderOf('begun')],
    ]);
    expect(eventsOf(again).start).toMatchObject({ classWeights: [1, 4], resumed: { changes: [{ name: 'epochs' }] } });
    const changes = [{ name: 'epochs' }, { name: 'class-weights', from: [1, 4], to: 'balanced' }];
    expect(eventsOf(balanced).start).toMatchObject({ architecture: { stem: 'cifar' }, resumed: { changes } });
    const config = JSON.parse(readFileSync(join(weighted, 'config.json'), 'utf8'));
    expect(config.settings).toMatchObject({ 'class-weights': 'balanced', augment: 'photo', stem: 'cifar' });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/--stem is now imagenet.* had cifar/)]);
    // The weights of --init have a stem of their own, as with every recipe that sets one.
    expect([begun.code, begun.stderr]).toEqual([4, expect.stringMatching(/stem cifar.*give --stem cifar\n$/)]);
  });

  test('refuses a file of weights that does not fit the classes (exit 3)', async () => {
    const files = {
      [join(folder, 'few.txt')]: [
        '1\n',
        'expected one number for each of the 2 classes, got 1; write one on each line',
      ],
      [join(folder, 'other.csv')]: ['cat,1\n', 'line 1: no class is named "cat"; the classes are leaf, green, sky'],
      [join(folder, 'word.txt')]: ['1\none\n', 'line 2: expected a number from 0.000001 to 1000000, got "one"'],
      [join(folder, 'none.txt')]: [undefined, 'no such file; check the path'],
    } as const;
    for (const [path, [text]] of Object.entries(files)) if (text !== undefined) writeFileSync(path, text);
    const refused = await resnetMany(
      Object.keys(files).map((path) => [
        ...['train', pictures, '--class-weights', path, '--checkpoint-dir', join(folder, 'no')],
      ]),
    );
    for (const [at, [path, [, problem]]] of Object.entries(files).entries()) {
      expect(refused[at]).toMatchObject({ code: 3, stdout: '', stderr: `resnet: ${path}: ${problem}\n` });
    }
  });
});
