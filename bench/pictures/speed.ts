/**
 * Measures how fast pictures are read as digits, and how much memory that takes: photographs of 12 million pixels in
 * several formats, 100 small pictures, and 100 photographs beside one.
 *
 * Usage: npm run bench:picture-speed
 *
 * Each figure is of processes of their own, which have read one small picture before: their start does not count.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { spreadOf } from '../../src/bench/spread.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { imageIn } from '../../src/dataset/pixels.ts';
import type { ImageSize } from '../../src/image/size.ts';
import type { Reading } from './read.ts';

/** Number of processes for each time. */
const ROUNDS = 5;
const PHOTOGRAPH = { width: 4000, height: 3000 };
const SMALL = { width: 300, height: 300 };
/** Number of pictures where there are many. */
const MANY = 100;

const FORMATS: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  JPEG: (picture) => picture.jpeg({ quality: 90 }),
  'progressive JPEG': (picture) => picture.jpeg({ quality: 90, progressive: true }),
  'JPEG on its side': (picture) => picture.withMetadata({ orientation: 6 }).jpeg({ quality: 90 }),
  PNG: (picture) => picture.png(),
  WebP: (picture) => picture.webp({ quality: 80 }),
  TIFF: (picture) => picture.tiff({ compression: 'lzw' }),
};

/** The formats of which many photographs are read too. */
const MEASURED_MANY = ['JPEG', 'PNG'];

const folder = mkdtempSync(join(tmpdir(), 'resnet-pictures-'));
try {
  const first = await write('first', SMALL, (picture) => picture.png());
  for (const [format, encode] of Object.entries(FORMATS)) {
    const path = await write('photograph', PHOTOGRAPH, encode);
    const one = readings(ROUNDS, [first, path]);
    print(
      `12-megapixel ${format}`,
      one.map(({ seconds }) => seconds),
      's',
      2,
    );
    if (!MEASURED_MANY.includes(format)) continue;
    const many = readings(1, [first, ...new Array<string>(MANY).fill(path)]);
    const [ofOne, ofMany] = [one, many].map((each) => spreadOf(each.map(({ peakMiB }) => peakMiB)).most.toFixed(0));
    process.stdout.write(`  peak memory: ${ofOne} MiB of one, ${ofMany} MiB of ${MANY}\n`);
  }
  for (const format of ['PNG', 'JPEG']) {
    const path = await write('small', SMALL, FORMATS[format]!);
    const read = readings(ROUNDS, [first, ...new Array<string>(MANY).fill(path)]);
    print(
      `${MANY} small ${format}s`,
      read.map(({ seconds }) => MANY / seconds),
      'pictures/s',
      0,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Writes a photograph of a digit on paper, with a camera's noise. */
async function write(name: string, { width, height }: ImageSize, encode: (picture: Sharp) => Sharp): Promise<string> {
  const { pixels, ...raw } = imageIn(await loadDataset('test'), 0);
  const side = Math.round(height / 3);
  const digit = await sharp(pixels, { raw: { ...raw, channels: 1 } })
    .negate()
    .resize(side, side)
    .png()
    .toBuffer();
  const noise = { type: 'gaussian', mean: 200, sigma: 6 } as const;
  const paper = sharp({ create: { width, height, channels: 3, background: 'white', noise } });
  const path = join(folder, name);
  await encode(paper.composite([{ input: digit, blend: 'multiply' }])).toFile(path);
  return path;
}

/** What processes measured that read these files one after the other. */
function readings(rounds: number, files: readonly string[]): Reading[] {
  const program = fileURLToPath(new URL('read.js', import.meta.url));
  return Array.from({ length: rounds }, () => {
    return JSON.parse(execFileSync(process.execPath, [program, ...files], { encoding: 'utf8' }));
  });
}

function print(name: string, values: readonly number[], unit: string, digits: number): void {
  const [median, least, most] = (['median', 'least', 'most'] as const).map((key) =>
    spreadOf(values)[key].toFixed(digits),
  );
  process.stdout.write(`${name}: median of ${values.length} processes ${median} ${unit} (${least} to ${most})\n`);
}
