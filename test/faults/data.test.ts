/** Data sets that are not what they should be: exit 3, the file and the field at fault named, nothing written. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { FaultOptions } from './fault.ts';
import { unreadableFile } from './files.ts';
import { zeroBomb } from './gzip-bomb.ts';
import { peakMemory } from './peak-memory.ts';
import { attempt, testRefusal, together } from './refusal.ts';

const folder = temporaryFolder();
const IMAGES = idxBytes([20, 4, 4], Buffer.alloc(320, 'grey'));
const LABELS = idxBytes([20], Buffer.alloc(20, 7));
const IMAGES_FILE = 'train-images-idx3-ubyte';
const LABELS_FILE = 'train-labels-idx1-ubyte';

/** Bytes for the file, or a function that makes it at a path. */
type Content = Uint8Array | ((path: string) => void);

function dataDir(images: Content, labels: Content = LABELS): string {
  const dir = mkdtempSync(join(folder, 'data-'));
  for (const [name, content] of [
    [IMAGES_FILE, images],
    [LABELS_FILE, labels],
  ] as const) {
    if (typeof content === 'function') content(join(dir, name));
    else writeFileSync(join(dir, name), content);
  }
  return dir;
}

const wordsFor = (dir: string) => ['train', '--data-dir', dir, '--checkpoint-dir', 'made'];
const train = (dir: string, environment?: NodeJS.ProcessEnv) => attempt(folder, wordsFor(dir), environment);

const tried = together(folder);

function testData(fault: string, problem: string, make: () => string, options?: FaultOptions) {
  const refusal = { code: 3, message: problem };
  testRefusal(
    fault,
    refusal,
    tried(() => wordsFor(make())),
    undefined,
    options,
  );
}

function testImages(fault: string, images: Content, problem: string, options?: FaultOptions) {
  testData(fault, `${IMAGES_FILE}: ${problem}`, () => dataDir(images), options);
}

function testLabels(fault: string, labels: Content, problem: string) {
  testData(fault, `${LABELS_FILE}: ${problem}`, () => dataDir(IMAGES, labels));
}

/** A copy with one byte changed. */
function patched(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
}

testImages('images with a bad magic number', patched(IMAGES, 0, 0x50), 'magic number: found 0x50000803');
testImages('images of another rank', patched(IMAGES, 3, 2), 'rank: found 2, expected 3');
testImages('images of floats', patched(IMAGES, 2, 0x0d), 'type: found 0x0d, expected 0x08');
testImages('images without a height', patched(IMAGES, 11, 0), 'dimension 1: found 0, expected at least 1');
testImages('images of impossible sizes', idxBytes([2 ** 32 - 1, 2 ** 32 - 1, 28], []), 'dimensions: found 4294967295×');
testImages('images cut in the header', IMAGES.subarray(0, 15), 'length: found 15 bytes, expected at least 16');
testImages('images cut in the pixels', IMAGES.subarray(0, -1), 'length: found 335 bytes, expected 336');
testImages(
  'images with trailing bytes',
  Buffer.concat([IMAGES, Buffer.of(0)]),
  'length: found 337 bytes, expected 336',
);
testImages('an empty file of images', Buffer.of(), 'length: found 0 bytes, expected an IDX file');
testImages('labels in place of images', LABELS, 'rank: found 1, expected 3');
testLabels('images in place of labels', IMAGES, 'rank: found 3, expected 1');
testLabels('labels cut', LABELS.subarray(0, -1), 'length: found 27 bytes, expected 28');
testLabels('an empty file of labels', Buffer.of(), 'length: found 0 bytes, expected an IDX file');
testLabels('a label too few', idxBytes([19], Buffer.alloc(19)), 'dimension 0: found 19 labels, expected 20');
testLabels('a label too many', idxBytes([21], Buffer.alloc(21)), 'dimension 0: found 21 labels, expected 20');
testLabels('a label out of range', patched(LABELS, -2, 10), 'label 18: found 10, expected 0 to 9');

const GZIPPED = gzipSync(IMAGES);
const checksum = GZIPPED.length - 8;
const undamaged = 'expected a whole, undamaged file';
testImages('gzip cut in its header', GZIPPED.subarray(0, 5), 'length: found 0 bytes, expected at least 16');
testImages('gzip cut in its data', GZIPPED.subarray(0, -12), `gzip: found unexpected end of file, ${undamaged}`);
testImages('gzip cut in its checksum', GZIPPED.subarray(0, -6), `gzip: found unexpected end of file, ${undamaged}`);
testImages(
  'gzip with a wrong checksum',
  patched(GZIPPED, checksum, GZIPPED[checksum]! ^ 1),
  'gzip: found incorrect data',
);
testImages('gzip with a wrong length', patched(GZIPPED, -4, GZIPPED.at(-4)! ^ 1), 'gzip: found incorrect length check');
testImages(
  'gzip with trailing garbage',
  Buffer.concat([GZIPPED, Buffer.from('garbage')]),
  'gzip: found incorrect header',
);
testImages(
  'gzip with trailing garbage behind a zero byte',
  Buffer.concat([GZIPPED, Buffer.from('\0garbage')]),
  'gzip: found',
);
testImages('gzip of another file', gzipSync(LABELS), 'rank: found 1, expected 3');

testImages('a folder in place of images', (path) => mkdirSync(path), 'kind: found a folder, expected an IDX file');
testImages('a named pipe in place of images', (path) => execFileSync('mkfifo', [path]), 'kind: found a device');
testImages('a device in place of images', (path) => symlinkSync('/dev/zero', path), 'kind: found a device');
testImages(
  'a link that leads nowhere',
  (path) => symlinkSync('/nowhere', path),
  'is a link to /nowhere, which does not exist',
);
testImages('a link that leads to itself', (path) => symlinkSync(path, path), 'is a link that leads round in a circle');
testImages('a file that cannot be read', (path) => unreadableFile.make(path), 'cannot be read (EACCES)', {
  skip: unreadableFile.impossible,
});

testRefusal(
  'the same in a process of its own: a named pipe in place of images',
  { code: 3, message: `${IMAGES_FILE}: kind: found a device` },
  () => train(dataDir((path) => execFileSync('mkfifo', [path]))),
);

/** More than Node and the tool take before they load TensorFlow, and far less than what the bomb unpacks to. */
const BOUND_MIB = 256;
const BOMB_GIB = 4;

testRefusal(
  `a gzip bomb: ${BOMB_GIB} GiB in a file of 4 MiB (in less than ${BOUND_MIB} MiB of memory and 10 s)`,
  { code: 3, message: `${IMAGES_FILE}: gzip: found more bytes than the IDX header announces` },
  async () => {
    const bomb = zeroBomb(idxBytes([20, 4, 4], []), BOMB_GIB * 2 ** 30);
    expect(bomb.length).toBeLessThan(5 * 2 ** 20);
    const dir = dataDir(bomb);
    const began = performance.now();
    const memory = peakMemory(folder);
    const attempted = await train(dir, memory.environment);
    expect((performance.now() - began) / 1000).toBeLessThan(10);
    expect(memory.peakMiB()).toBeLessThan(BOUND_MIB);
    return attempted;
  },
);
