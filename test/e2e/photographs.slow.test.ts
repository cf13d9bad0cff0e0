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

/** The line of the run's start, and the stem and settings of its checkpoint. */
async function startedIn(run: string, stdout: string) {
  const [start] = jsonLines(stdout);
  const { metadata } = await loadCheckpoint(join(run, 'best.safetensors'));
  return { start, stem: metadata?.architecture.stem, settings: metadata?.settings };
}

describeWithTensorFlow('the recipe photo', () => {
  beforeAll(async () => {
    const generator = RandomGenerator.seeded(20, 'augmentation');
    for (const [colour, [name, count]] of Object.entries(CLASSES).entries()) {
      mkdirSync(join(pictures, name), { recursive: true });
      for (let index = 0; index < count; index++) {
        await draw(join(pictures, name, `${index}.jpg`), colour + 1, generator);
      }
    }
    writeFileSync(weights, 'sky,4\nleaf, green,1\n');
  });

  test('has the stem of small images up to 64 pixels, ImageNet’s above, and the user’s in any case', async () => {
    const runs = ['small', 'large', 'own'].map((name) => join(folder, name));
    const sizes = [['--image-size', '48x64'], [], ['--image-size', '32', '--stem', 'imagenet']];
    const finished = await resnetMany(
      runs.map((run, at) => ['train', pictures, '--recipe', 'photo', ...quick, ...sizes[at]!, '--checkpoint-dir', run]),
    );
    const stems: unknown[] = [];
    for (const [at, { code, stdout }] of finished.entries()) {
      expect(code).toBe(0);
      const { start, stem, settings } = await startedIn(runs[at]!, stdout);
      expect(start).toMatchObject({ event: 'start', recipe: 'photo', architecture: { stem } });
      expect(settings).toMatchObject({ stem, augment: 'photo', weightDecay: 0.05, labelSmoothing: 0.1 });
      stems.push(stem);
    }
    expect(stems).toEqual(['cifar', 'imagenet', 'imagenet']);
    const [resumed, refused, started] = await resnetMany([
      ['train', '--resume', runs[0]!, '--epochs', '2', '--json'],
      ['train', '--resume', runs[0]!, '--stem', 'imagenet'],
      ['train', pictures, '--recipe', 'photo', ...quick, '--init', runs[0]!, '--checkpoint-dir', join(folder, 'begun')],
    ]);
    expect(resumed.code).toBe(0);
    expect(jsonLines(resumed.stdout)[0]).toMatchObject({
      architecture: { stem: 'cifar' },
      resumed: { changes: [{ name: 'epochs' }] },
    });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/--stem is now imagenet.* had cifar/)]);
    // The weights of --init have a stem of their own, as with every recipe that sets one.
    expect([started.code, started.stderr]).toEqual([4, expect.stringMatching(/stem cifar.*give --stem cifar\n$/)]);
  }, 60_000);

  test('with --class-weights FILE stores the numbers: a resumed run needs no file, and tells other weights', async () => {
    const run = join(folder, 'weighted');
    const words = ['train', pictures, '--recipe', 'photo', '--image-size', '24', ...quick];
    const [plain, weighted] = await resnetMany([
      [...words, '--checkpoint-dir', join(folder, 'plain')],
      [...words, '--class-weights', weights, '--checkpoint-dir', run],
    ]);
    expect(weighted.code).toBe(0);
    const { settings } = await startedIn(run, weighted.stdout);
    expect(settings).toMatchObject({ classWeights: [1, 4] });
    const lossOf = ({ stdout }: { readonly stdout: string }) => {
      return jsonLines(stdout).find(({ event }) => event === 'epoch') as { train: { loss: number } };
    };
    expect(lossOf(weighted).train.loss).not.toBeCloseTo(lossOf(plain).train.loss, 3);
    rmSync(weights);
    const [again, balanced] = await resnetMany([
      ['train', '--resume', run, '--epochs', '2', '--json'],
      ['train', '--resume', run, '--epochs', '3', '--class-weights', 'balanced', '--json'],
    ]);
    expect(again.code).toBe(0);
    expect(jsonLines(again.stdout)[0]).toMatchObject({ resumed: { changes: [{ name: 'epochs' }] } });
    expect(balanced.code).toBe(0);
    const changes = [{ name: 'epochs' }, { name: 'class-weights', from: [1, 4], to: 'balanced' }];
    expect(jsonLines(balanced.stdout)[0]).toMatchObject({ resumed: { changes } });
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    expect(config.settings).toMatchObject({ 'class-weights': 'balanced', augment: 'photo', stem: 'cifar' });
  }, 60_000);

  test('refuses a file of weights that does not fit the classes before pictures are read (exit 3)', async () => {
    const files = {
      [join(folder, 'few.txt')]: ['1\n', 'holds 1 weights, but the data have 2 classes; write one number for each'],
      [join(folder, 'other.csv')]: ['cat,1\n', 'line 1: no class is named "cat"; the classes are leaf, green, sky'],
      [join(folder, 'word.txt')]: ['1\none\n', 'line 2: expected a number above 0, within single precision, got "one"'],
      [join(folder, 'none.txt')]: [undefined, 'no such file; check the path'],
    } as const;
    for (const [path, [text]] of Object.entries(files)) if (text !== undefined) writeFileSync(path, text);
    const refused = await resnetMany(
      Object.keys(files).map((path) => [
        'train',
        pictures,
        '--class-weights',
        path,
        '--checkpoint-dir',
        join(folder, 'no'),
      ]),
    );
    for (const [at, [path, [, problem]]] of Object.entries(files).entries()) {
      expect(refused[at]).toMatchObject({ code: 3, stdout: '', stderr: `resnet: ${path}: ${problem}\n` });
    }
  });
});
