/** How many of MNIST's labels that were changed by chance lead the list of suspects: the figures of docs/data.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { indicesUpTo } from '../../src/dataset/dataset.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { RandomGenerator } from '../../src/random.ts';
import { resnetMany } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const [IMAGES, WRONG] = [6000, 60];
const long = process.env.RESNET_LONG === '1' ? test : test.skip;

long.each([1, 2, 3])(
  'of 6,000 images of which 60 have another label, by seed %d, those lead the list',
  async (seed) => {
    const { pixels, labels, height, width } = await loadDataset('train');
    const order = indicesUpTo(IMAGES);
    const generator = RandomGenerator.seeded(seed, 'subset');
    generator.shuffle(order);
    const shifts = indicesUpTo(WRONG);
    generator.shuffle(shifts);
    const wrong = new Map(Array.from(order.subarray(0, WRONG), (index, at) => [index, 1 + (shifts[at]! % 9)]));
    const given = labels.slice(0, IMAGES).map((label, index) => (label + (wrong.get(index) ?? 0)) % 10);
    const path = join(folder, String(seed));
    mkdirSync(path);
    const images = idxBytes([IMAGES, height, width], pixels.subarray(0, IMAGES * height * width));
    writeFileSync(join(path, 'train-images-idx3-ubyte'), images);
    writeFileSync(join(path, 'train-labels-idx1-ubyte'), idxBytes([IMAGES], given));

    const [trained, judged] = await resnetMany(
      [
        ['train', path, '--recipe', 'sprint', '--name', `run${seed}`],
        ['data', '--suspects', `run${seed}`, '--most', '6000', '--json'],
      ],
      folder,
    );
    expect([trained.code, judged.code]).toEqual([0, 0]);
    const { first } = JSON.parse(judged.stdout).suspects;
    const isWrong = first.map(({ name }: { name: string }) => wrong.has(Number(/\[(\d+)\]$/.exec(name)?.[1])));
    const among = (count: number) => isWrong.slice(0, count).filter(Boolean).length;
    process.stderr.write(
      `seed ${seed}: ${among(20)} of the first 20, ${among(40)} of 40, ${among(60)} of 60, listed ${first.length}\n`,
    );
    expect(among(20)).toBeGreaterThanOrEqual(17);
    expect(among(60)).toBeGreaterThanOrEqual(40);
  },
  600_000,
);
