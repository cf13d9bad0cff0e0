/**
 * Measures what a set of images that memory does not hold costs: peak memory beside that of a small set, and the time
 * that the steps wait for images.
 *
 * Usage: npm run bench:streaming [-- IMAGES MEMORY]
 *
 * Draws 1,000 and 60,000 pictures of 96×96 pixels in colour (1.66 GB of pixels), then trains one epoch on each, the large
 * set with 256 MiB of memory for them: once from pictures that are decoded, and once from the cache. Takes about ten minutes and
 * 4 GB of the temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { mebibytes } from '../src/numbers.ts';
import { RandomGenerator } from '../src/random.ts';
import { machine } from './machine.ts';

const binary = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url)); // this file runs from dist/bench
const SMALL_IMAGES = 1000;
const LARGE_IMAGES = Number(process.argv[2] ?? 60_000);
const MEMORY = process.argv[3] ?? '256M';
const SIDE = 96;
const CLASSES = 10;

const folder = mkdtempSync(join(tmpdir(), 'resnet-streaming-'));
try {
  process.stdout.write(`${machine()}\n`);
  const [small, large] = [await drawn('small', SMALL_IMAGES), await drawn('large', LARGE_IMAGES)];
  const least = trained(small, 'small').peakMemoryBytes;
  for (const how of ['decoded now', 'from the cache']) {
    const { peakMemoryBytes, dataSeconds, seconds } = trained(large, how, '--data-memory', MEMORY);
    process.stdout.write(
      `${LARGE_IMAGES} images, ${how}: ${mebibytes(peakMemoryBytes)} MiB, ${mebibytes(peakMemoryBytes - least)} MiB more than ` +
        `${SMALL_IMAGES}; waited ${dataSeconds.toFixed(2)} of ${seconds.toFixed(1)} s, ${((100 * dataSeconds) / seconds).toFixed(2)} %\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Draws a tree of pictures: soft noise in the colour of its class. */
async function drawn(name: string, images: number): Promise<string> {
  const generator = RandomGenerator.seeded(images, 'subset');
  const path = join(folder, name);
  for (let label = 0; label < CLASSES; label++) mkdirSync(join(path, String(label)), { recursive: true });
  const raw = { width: 12, height: 12, channels: 3 } as const;
  for (let image = 0; image < images; image++) {
    const label = image % CLASSES;
    const noise = Uint8Array.from({ length: 12 * 12 * 3 }, () => generator.below(128) + 12 * label);
    const picture = sharp(noise, { raw }).resize(SIDE, SIDE, { kernel: 'cubic' }).jpeg({ quality: 85 });
    writeFileSync(join(path, String(label), `${image}.jpg`), await picture.toBuffer());
  }
  return path;
}

/** Trains one epoch of a narrow network, whose steps leave little time to read. */
function trained(data: string, how: string, ...words: readonly string[]) {
  const run = join(folder, `run of ${how}`);
  const all = [
    'train',
    data,
    '--epochs',
    '1',
    '--recipe',
    'lesson',
    '--width',
    '16',
    '--checkpoint-dir',
    run,
    '--json',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...all, ...words], {
    encoding: 'utf8',
    env: { ...process.env, RESNET_CACHE: join(folder, 'cache') },
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const of = (event: string) => events.find((each) => each.event === event);
  const { dataSeconds = 0, seconds } = of('epoch') as { readonly dataSeconds?: number; readonly seconds: number };
  return { peakMemoryBytes: of('end').peakMemoryBytes as number, dataSeconds, seconds };
}
