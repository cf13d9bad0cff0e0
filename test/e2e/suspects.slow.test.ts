/** A run on data of which some labels are wrong and some test images are training images: what its model tells of both. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { RandomGenerator } from '../../src/random.ts';
import { readPage } from '../support/pages.ts';
import { type Attempt, resnetMany } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const [SIDE, IMAGES, TESTED, CLASSES] = [12, 600, 100, 4];

/** Images of the training part whose labels are wrong, and test images that are images of the training part. */
const WRONG = Array.from({ length: 12 }, (_, index) => 20 + 47 * index);
const TWINS = [3, 40, 77];

let [text, json, all, given, evaluated, reported, others, nothing]: Attempt[] = [];

interface Facts {
  readonly parts: readonly { readonly part: string; readonly images: number }[];
  readonly first: readonly { readonly name: string; readonly guess: number }[];
}

/** Four classes of noise, in each of which another quarter is bright. */
function quarters(count: number, seed: number): { pixels: Uint8Array; labels: Uint8Array } {
  const noise = new Float32Array(count * SIDE ** 2);
  RandomGenerator.seeded(seed, 'augmentation').fillUniform(noise, 64);
  const labels = Uint8Array.from({ length: count }, (_, index) => index % CLASSES);
  const pixels = Uint8Array.from(noise, (value, at) => {
    const [row, column] = [Math.floor(at / SIDE) % SIDE, at % SIDE];
    const quarter = 2 * Number(row >= SIDE / 2) + Number(column >= SIDE / 2);
    return quarter === labels[Math.floor(at / SIDE ** 2)] ? 255 : 128 + value;
  });
  return { pixels, labels };
}

function write(name: string, part: 'train' | 't10k', side: number, pixels: Uint8Array, labels: Uint8Array) {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, `${part}-images-idx3-ubyte`), idxBytes([labels.length, side, side], pixels));
  writeFileSync(join(path, `${part}-labels-idx1-ubyte`), idxBytes([labels.length], labels));
}

beforeAll(async () => {
  const training = quarters(IMAGES, 1);
  const labels = training.labels.map((label, at) => (WRONG.includes(at) ? (label + 1 + (at % 3)) % CLASSES : label));
  write('drawn', 'train', SIDE, training.pixels, labels);
  const tested = quarters(TESTED, 2);
  const size = SIDE ** 2;
  for (const twin of TWINS) tested.pixels.set(training.pixels.subarray(twin * size, (twin + 1) * size), twin * size);
  write('drawn', 't10k', SIDE, tested.pixels, tested.labels);
  write('larger', 'train', 16, new Uint8Array(20 * 16 ** 2), tested.labels.subarray(0, 20));
  const suspects = ['data', '--suspects', 'checkpoints'];
  const drawn = ['train', 'drawn', '--classes', '4', '--batch-size', '32', '--seed', '1', '--no-compile'];
  const [trained, ...attempts] = await resnetMany(
    [
      [...drawn, '--recipe', 'sprint', '--width', '4', '--epochs', '3'],
      [...suspects, '--most', '4', '--html', 'seen.html'],
      [...suspects, '--json', '--no-compile'],
      [...suspects, '--json', '--min-probability', '0', '--most', '700', '--no-compile'],
      ['data', 'drawn', '--suspects', 'checkpoints/best.safetensors', '--json', '--backend', 'wasm'],
      ['eval', '--json', '--no-compile'],
      ['report', '--json', '--no-compile'],
      ['data', 'larger', '--suspects', 'checkpoints'],
      ['data', '--suspects', 'nothing'],
    ],
    folder,
  );
  expect(trained).toMatchObject({ code: 0 });
  [text, json, all, given, evaluated, reported, others, nothing] = attempts;
});

const factsIn = (attempt: Attempt | undefined): Facts => JSON.parse(attempt?.stdout ?? '').suspects;
const namesOf = ({ first }: Facts) => first.map(({ name }) => name);
const wrongNames = WRONG.map((index) => `train-images-idx3-ubyte[${index}]`);

describe('data --suspects', () => {
  test('lists the images with wrong labels before all others, with their true classes', () => {
    expect([json?.code, all?.code]).toEqual([0, 0]);
    const { first } = factsIn(all);
    const leading = first.slice(0, WRONG.length).filter(({ name }) => wrongNames.includes(name));
    expect(leading.length).toBeGreaterThanOrEqual(WRONG.length - 1);
    for (const { name, guess } of leading) expect(guess).toBe(WRONG[wrongNames.indexOf(name)]! % CLASSES);
  });

  test('lists only images with wrong labels, where it takes those that the model is as sure of as of others', () => {
    const names = namesOf(factsIn(json));
    expect(names.length).toBeGreaterThanOrEqual(3);
    expect(wrongNames).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(namesOf(factsIn(all)).filter((name) => names.includes(name)));
  });

  test('judges each image of the train, validation and test part once', () => {
    expect(factsIn(all).parts.map(({ part, images }) => [part, images])).toEqual([
      ['train', 540],
      ['val', 60],
      ['test', 100],
    ]);
    const names = namesOf(factsIn(all));
    expect(new Set(names).size).toBe(names.length);
  });

  test('prints them after the survey, and draws them on the page', () => {
    expect(text).toMatchObject({ code: 0 });
    expect(text?.stdout).toMatch(/^data .*drawn, format idx: 700 images of 4 classes\n/);
    expect(text?.stdout).toMatch(
      /\n\nlabels that the model contradicts: \d+ of 700 images\nmodel .*best\.safetensors\n/,
    );
    expect(text?.stdout).toMatch(/\n\nseen\.html\n$/);
    const { faults, text: words } = readPage(readFileSync(join(folder, 'seen.html'), 'utf8'));
    expect(faults).toEqual([]);
    expect(words).toContain('Labels that the model contradicts');
    for (const name of namesOf(factsIn(json)).slice(0, 3)) expect(words).toContain(name);
  });

  test('takes a checkpoint, the data by their path, and another backend, and finds the same', () => {
    expect(given).toMatchObject({ code: 0 });
    expect(namesOf(factsIn(given)).toSorted()).toEqual(namesOf(factsIn(json)).toSorted());
  });

  test('ends as eval does where there is no run (4), and where the images do not fit the model (3)', () => {
    expect(nothing).toMatchObject({ code: 4, stdout: '' });
    expect(nothing?.stderr).toMatch(/^resnet: nothing: no such run or checkpoint[^\n]*\n$/);
    expect(others).toMatchObject({ code: 3, stdout: '' });
    expect(others?.stderr).toMatch(/resnet: larger: images are 1×16×16, but .* reads 1×12×12; [^\n]*\n$/);
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });
});

test('eval and report add the accuracy without the test images that are training images', () => {
  for (const attempt of [evaluated, reported]) {
    const { twins, withoutTwins, images, hits } = JSON.parse(attempt?.stdout ?? '');
    expect({ twins, others: withoutTwins.images, images }).toEqual({ twins: 3, others: 97, images: 100 });
    expect(withoutTwins.accuracy).toBe(withoutTwins.hits / 97);
    expect(hits - withoutTwins.hits).toBeLessThanOrEqual(3);
  }
  const page = readFileSync(join(folder, 'checkpoints', 'report.html'), 'utf8');
  expect(page).toContain('without 3 of 100 images, which the training data hold too');
});
