/** Reads what make_golden.py made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Content, Preparation } from '../../../src/image/prepare/preparation.ts';

/** Folder of the pictures. */
export const GOLDEN = join('test', 'image', 'prepare', 'golden');

/** Where the pixels that Python made are among the expected ones. */
interface Expected {
  readonly begin: number;
  readonly length: number;
}

/** A picture that Python prepared. */
export interface GoldenPicture extends Preparation, Expected {
  readonly picture: string;
  readonly content: readonly [left: number, top: number, width: number, height: number];
}

/** An array that Pillow resized; sizes are [height, width]. */
export interface GoldenArray extends Expected {
  readonly channels: 1 | 3;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** The rows of a file that make_golden.py made. */
function rowsOf<Row>(name: string): readonly Row[] {
  const lines = readFileSync(join(GOLDEN, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

/** All that make_golden.py made. */
export const golden = {
  pictures: rowsOf<GoldenPicture>('pictures.ndjson'),
  arrays: rowsOf<GoldenArray>('arrays.ndjson'),
};

const pixels = inflateSync(readFileSync(join(GOLDEN, 'expected.bin.z')));

/** The pixels that Python made, without padding. */
export function expectedPixels({ begin, length }: Expected): Uint8Array {
  return pixels.subarray(begin, begin + length);
}

/** The part of an image that shows the picture. */
export function contentPixels(image: Uint8Array, { width, channels }: Preparation, content: Content): Uint8Array {
  const rows = Array.from({ length: content.height }, (_, row) => {
    const begin = ((content.top + row) * width + content.left) * channels;
    return image.subarray(begin, begin + content.width * channels);
  });
  return Buffer.concat(rows);
}
