/**
 * Measures what class weights do for a set of unequal classes: 1,000 of MNIST's training images of each even digit and 50
 * of each odd one, drawn in the order of the file; tested on MNIST's 10,000 test images.
 *
 * Usage: npm run bench:unequal
 *
 * Trains with and without `--class-weights balanced`, by three seeds, for one and for three epochs. Takes about two minutes.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idxBytes } from '../scripts/draw-data/idx-bytes.ts';
import { spreadOf } from '../src/bench/spread.ts';
import { loadDataset } from '../src/dataset/load.ts';
import { pieceOf } from '../src/dataset/pixels.ts';
import { percentage } from '../src/numbers.ts';
import { machine } from './machine.ts';

const binary = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url)); // this file runs from dist/bench
/** Images of each even and of each odd digit. */
const IMAGES = [1000, 50] as const;
const SEEDS = [0, 1, 2];

const folder = mkdtempSync(join(tmpdir(), 'resnet-unequal-'));
try {
  process.stdout.write(`${machine()}\n`);
  await draw();
  for (const epochs of [1, 3]) {
    for (const weights of ['none', 'balanced']) {
      const found = SEEDS.map((seed) => balancedAccuracy(weights, epochs, seed));
      const { least, most } = spreadOf(found);
      const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
      const range = `${percentage(least)} to ${percentage(most)}`;
      process.stdout.write(
        `${epochs} epochs, --class-weights ${weights}: balanced accuracy ${percentage(mean)} (${range})\n`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Writes the set as IDX files. */
async function draw(): Promise<void> {
  const [train, test] = [await loadDataset('train'), await loadDataset('test')];
  const counts = new Uint32Array(10);
  const kept = Int32Array.from(train.labels.keys()).filter((index) => {
    const label = train.labels[index]!;
    return ++counts[label]! <= IMAGES[label % 2 === 0 ? 0 : 1];
  });
  const parts = { train: { dataset: train, kept }, t10k: { dataset: test, kept: Int32Array.from(test.labels.keys()) } };
  for (const [name, { dataset, kept: of }] of Object.entries(parts)) {
    const { pixels } = await pieceOf(dataset, of);
    const images = Buffer.concat(Array.from(of, (index) => pixels.subarray(784 * index, 784 * (index + 1))));
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idxBytes([of.length, 28, 28], images));
    writeFileSync(
      join(folder, `${name}-labels-idx1-ubyte`),
      idxBytes(
        [of.length],
        Uint8Array.from(of, (index) => dataset.labels[index]!),
      ),
    );
  }
}

/** Trains a run, and evaluates its best epoch on the test images. */
function balancedAccuracy(weights: string, epochs: number, seed: number): number {
  const run = join(folder, `${weights}-${epochs}-${seed}`);
  const words = ['--recipe', 'lesson', '--width', '16', '--batch-size', '64', '--class-weights', weights];
  resnet([
    'train',
    '--data-dir',
    folder,
    ...words,
    '--epochs',
    `${epochs}`,
    '--seed',
    `${seed}`,
    '--checkpoint-dir',
    run,
  ]);
  return JSON.parse(resnet(['eval', '--checkpoint', run, '--json'])).balancedAccuracy;
}

function resnet(words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
