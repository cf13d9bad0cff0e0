/** The hash of the checkpoint that an export is from. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { ExitCode } from '../../src/errors.ts';
import { sourceHash } from '../../src/export/source-hash.ts';
import { METADATA } from '../checkpoint/example.ts';
import { writeCheckpoint } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

test('is that of the file that was read, and of no other that a run has saved since', async () => {
  const path = join(folder, 'best.safetensors');
  const save = (value: number) =>
    writeCheckpoint(path, new Map([['x', { dtype: 'F32', shape: [1], data: Float32Array.of(value) }]]), METADATA);
  save(1);
  const { checksum } = await loadCheckpoint(path);
  const expected = createHash('sha256').update(readFileSync(path)).digest('hex');
  const hash = await sourceHash(path, checksum);
  expect(await hash()).toBe(expected);
  save(2);
  const message = `${path}: was replaced while it was exported; run again`;
  await expect(sourceHash(path, checksum)).rejects.toMatchObject({ code: ExitCode.io, message });
});

test("another tool's file has no checksum to compare", async () => {
  const path = join(folder, 'm.pth');
  writeFileSync(path, '');
  const hash = await sourceHash(path, undefined);
  expect(await hash()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
