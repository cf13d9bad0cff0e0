/** Writes drawn digits in the layout of CIFAR-10's binary version: a label, then planes of red, green and blue. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawDigit } from './digit-picture.ts';
import { DIGIT_NAMES } from './digit-tree.ts';

/** Height and width in pixels. */
const SIDE = 32;

const FILES = [...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), 'test_batch.bin'];

/** Writes five batches to train on, one to test with, and the names of the classes. The digits come in turns. */
export async function writeDigitCifar(folder: string, imagesPerBatch: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of FILES) {
    const records: Buffer[] = [];
    for (let index = 0; index < imagesPerBatch; index++) {
      const digit = index % 10;
      records.push(record(digit, await drawDigit({ set: `cifar ${file}`, index, digit, side: SIDE })));
    }
    await writeFile(join(folder, file), Buffer.concat(records));
  }
  await writeFile(join(folder, 'batches.meta.txt'), `${DIGIT_NAMES.join('\n')}\n\n`); // as CIFAR's own file ends
}

/** @param pixels [SIDE, SIDE, 3] */
function record(digit: number, pixels: Buffer): Buffer {
  const plane = SIDE * SIDE;
  const bytes = Buffer.alloc(1 + 3 * plane);
  bytes[0] = digit;
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) bytes[1 + channel * plane + at] = pixels[3 * at + channel]!;
  }
  return bytes;
}
