/** Tests of the checksum that a checkpoint holds of itself. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint.ts';
import { bytesOf, readSafetensors, writeSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { METADATA, weights } from './example.ts';

const folder = temporaryFolder();
const path = join(folder, 'model.safetensors');

test('the checksum in the metadata is the SHA-256 of the file with the checksum’s own digits as zeros', async () => {
  await saveCheckpoint(path, weights(1, 2, 3), METADATA);
  const text = readFileSync(path, 'latin1');
  const blanked = text.replace(/(?<="resnet\.sha256":")[0-9a-f]{64}(?=")/, '0'.repeat(64));
  expect(blanked).not.toBe(text);
  const expected = createHash('sha256').update(blanked, 'latin1').digest('hex');
  expect((await readSafetensors(path)).metadata.get('resnet.sha256')).toBe(expected);
  expect((await loadCheckpoint(path)).checksum).toBe(expected);
});

test('the checksums of two checkpoints differ if only their metadata differ', async () => {
  const checksums = [];
  for (const step of [1, 2, 1]) {
    await saveCheckpoint(path, weights(1), { ...METADATA, step });
    checksums.push((await loadCheckpoint(path)).checksum);
  }
  expect(checksums[1]).not.toBe(checksums[0]);
  expect(checksums[2]).toBe(checksums[0]);
});

describe('a checkpoint with a bad checksum field', () => {
  const { 'resnet.sha256': blank = '', ...others } = encodeMetadata(METADATA);
  const digits = 'metadata resnet.sha256: expected 64 hexadecimal digits, once';

  test('is refused (exit 4) if the checksum is missing, but its format requires one', async () => {
    writeSafetensors(path, weights(1), others);
    await expect(loadCheckpoint(path)).rejects.toMatchObject({
      code: 4,
      message: `${path}: metadata resnet.sha256: is missing`,
    });
  });

  test.each([
    ['empty', ''],
    ['too short', blank.slice(1)],
    ['in capitals', 'A'.repeat(64)],
    ['with another character', `${blank.slice(1)}g`],
  ])('is refused (exit 4) if the checksum is %s', async (_, sha256) => {
    writeSafetensors(path, weights(1), { ...others, 'resnet.sha256': sha256 });
    await expect(loadCheckpoint(path)).rejects.toMatchObject({ code: 4, message: `${path}: ${digits}` });
  });

  const field = `"resnet.sha256":"${blank}"`;
  test.each([
    ['in the metadata twice', field, `${field},${field}`, 'header: the name "resnet.sha256" appears twice'],
    ['in the header a second time', '"dtype":"F32"', `"dtype":"F32",${field}`, digits],
    ['under an escaped name', '"resnet.sha256"', '"resnet.sha25\\u0036"', digits],
  ])('is refused (exit 4) if the checksum is %s', async (_, text, put, problem) => {
    writeFileSync(
      path,
      withHeader((json) => json.replace(text, put)),
    );
    await expect(loadCheckpoint(path)).rejects.toMatchObject({ code: 4, message: `${path}: ${problem}` });
  });

  /** The bytes of a file whose header's text is changed. */
  function withHeader(change: (json: string) => string): Buffer {
    const bytes = bytesOf(weights(1), { ...others, 'resnet.sha256': blank });
    const end = 8 + Number(bytes.readBigUInt64LE());
    const json = Buffer.from(change(bytes.toString('utf8', 8, end)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([length, json, bytes.subarray(end)]);
  }
});

test('a file of format 1 is loaded without a checksum', async () => {
  const { 'resnet.sha256': _, ...others } = encodeMetadata(METADATA);
  writeSafetensors(path, weights(1), { ...others, 'resnet.format_version': '1' });
  expect(await loadCheckpoint(path)).toMatchObject({ checksum: undefined, metadata: { epoch: 2 } });
});
