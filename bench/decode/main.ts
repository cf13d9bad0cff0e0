/**
 * Measures how fast photographs are decoded and reduced to 64 × 64, beside torchvision's ImageFolder with a DataLoader of
 * 2 workers: 5,000 JPEGs of about 640 × 427 pixels, crops of scikit-learn's two photographs. Each round runs both sides,
 * in changing order, in a process of its own; neither's start counts, nor do digests of files. The pixels of both are
 * compared. pip fetches the libraries into the cache, where the JPEGs are kept too.
 *
 * Usage: npm run bench:decode [-- --rounds 5]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differences } from '../../scripts/check-data/differences.ts';
import { fetchLibraries, interruption, outputOf } from '../../scripts/python.ts';
import { median, spreadOf } from '../../src/bench/spread.ts';
import { mebibytes } from '../../src/numbers.ts';
import { cachedFolder, withTemporaryFolder } from '../../src/setup/cache.ts';
import { machine } from '../machine.ts';
import { COUNT, QUALITY, writeCrops } from './crops.ts';

/** What a side prints. */
export interface Preparing {
  readonly seconds: number;
  readonly images: number;
  /** Of all its processes together. */
  readonly peakMemoryBytes: number;
  /** Names and versions of its libraries. */
  readonly versions: readonly string[];
}

/** Side of the images that are made, in pixels. */
const SIDE = 64;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const signal = interruption();
const project = fileURLToPath(new URL('../../../', import.meta.url)); // this file runs from dist/bench/decode

const libraries = await fetchLibraries(join(project, 'scripts/pytorch-requirements.txt'), signal);
const photographs = await fetchLibraries(join(project, 'bench/decode/requirements.txt'), signal, ['--no-deps']);
const crops = await cachedFolder(`bench/crops-${COUNT}-${QUALITY}`, (folder) =>
  writeCrops(join(photographs.PYTHONPATH!, 'sklearn/datasets/images'), folder),
);

await withTemporaryFolder(async (temporary) => {
  const pixelsOf = { ours: join(temporary, 'ours'), torchvision: join(temporary, 'torchvision') };
  const words = (side: keyof typeof pixelsOf) => [crops, String(SIDE), pixelsOf[side]];
  const sides = {
    ours: [
      ...[process.execPath, '--require', join(project, 'bin/thread-pool.js')], // as bin/resnet.js does
      ...[fileURLToPath(new URL('prepare.js', import.meta.url)), ...words('ours')],
    ],
    torchvision: ['python3', join(project, 'bench/decode/image_folder.py'), ...words('torchvision')],
  };
  const runs = { ours: [] as Preparing[], torchvision: [] as Preparing[] };
  for (let round = 0; round < Number(values.rounds); round++) {
    const order = round % 2 === 0 ? (['ours', 'torchvision'] as const) : (['torchvision', 'ours'] as const);
    for (const side of order) {
      const [program, ...rest] = sides[side];
      runs[side].push(JSON.parse(await outputOf(program!, rest, signal, libraries)) as Preparing);
    }
  }
  process.stdout.write(`${machine(...runs.torchvision[0]!.versions)}\n`);
  const [ours, torchvision] = [printSpeed('ours', runs.ours), printSpeed('torchvision', runs.torchvision)];
  process.stdout.write(`ratio of medians ${(ours / torchvision).toFixed(2)}\n`);
  const { mean, most } = differences(readFileSync(pixelsOf.ours), readFileSync(pixelsOf.torchvision));
  process.stdout.write(`pixels differ by ${mean.toFixed(3)} levels in the mean, ${most} at most\n`);
});

/** Prints images a second, and returns their median. */
function printSpeed(side: string, runs: readonly Preparing[]): number {
  const speeds = runs.map(({ images, seconds }) => images / seconds);
  const { least, most } = spreadOf(speeds);
  const range = `${least.toFixed(0)} to ${most.toFixed(0)}`;
  const memory = mebibytes(Math.max(...runs.map(({ peakMemoryBytes }) => peakMemoryBytes)));
  process.stdout.write(
    `${side}: ${median(speeds).toFixed(0)} images/s (${range}; ${runs.length} rounds), peak memory ${memory} MiB\n`,
  );
  return median(speeds);
}
