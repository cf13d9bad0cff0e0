/** Tests of reading plain and gzipped IDX files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../scripts/draw-data/idx-bytes.ts';
import { readIdxFile } from '../../src/dataset/idx-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const IMAGES = idxBytes([100, 28, 28], Buffer.alloc(78_400, 'a grey, but not an even one'));
const GZIPPED = gzipSync(IMAGES);

function written(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a plain and a gzipped file give the same bytes, whatever their names', () => {
  for (const [name, content] of [
    ['plain', IMAGES],
    ['plain.gz', IMAGES],
    ['zipped.gz', GZIPPED],
    ['zipped', GZIPPED],
  ] as const) {
    expect(IMAGES.equals(readIdxFile(written(name, content), 3))).toBe(true);
  }
});

test('a gzipped file of two members, as `cat` makes it, is read as one file', () => {
  const members = Buffer.concat([gzipSync(IMAGES.subarray(0, 1000)), gzipSync(IMAGES.subarray(1000))]);
  expect(IMAGES.equals(readIdxFile(written('members.gz', members), 3))).toBe(true);
});

describe('readIdxFile', () => {
  const wrongChecksum = Buffer.from(GZIPPED);
  wrongChecksum[GZIPPED.length - 5]! ^= 1;
  const bomb = gzipSync(Buffer.concat([idxBytes([10, 28, 28], []), Buffer.alloc(50_000_000)]));
  const lies = gzipSync(idxBytes([0xffffffff, 0xffffffff, 0xffffffff], [0]));
  test.each([
    [
      'a truncated gzip file',
      GZIPPED.subarray(0, -20),
      'gzip: found unexpected end of file, expected a whole, undamaged file; fetch it again',
    ],
    [
      'a gzip file truncated in its first bytes',
      GZIPPED.subarray(0, 12),
      'length: found 0 bytes, expected at least 16',
    ],
    ['a gzip file with a wrong checksum', wrongChecksum, 'gzip: found incorrect data check'],
    ['a gzip bomb', bomb, 'gzip: found more bytes than the IDX header announces'],
    ['a gzip file whose header announces impossible sizes', lies, 'dimensions: found 4294967295×4294967295×4294967295'],
    ['a gzipped text', gzipSync('not an IDX file at all'), 'magic number: found 0x6e6f7420'],
  ])('refuses %s (exit 3)', (name, content, problem) => {
    const path = written(`${name}.gz`, content);
    expect(() => readIdxFile(path, 3)).toThrow(
      expect.objectContaining({ code: 3, message: expect.stringContaining(`${path}: ${problem}`) }),
    );
  });
});

test('readIdxFile refuses an empty file, a folder and a device (exit 3)', () => {
  const subfolder = join(folder, 'subfolder');
  mkdirSync(subfolder);
  for (const [path, problem] of [
    [written('empty', Buffer.alloc(0)), 'length: found 0 bytes, expected an IDX file'],
    [subfolder, 'kind: found a folder, expected an IDX file'],
    ['/dev/zero', 'kind: found a device, expected an IDX file'],
  ] as const) {
    expect(() => readIdxFile(path, 3)).toThrow(expect.objectContaining({ code: 3, message: `${path}: ${problem}` }));
  }
});
