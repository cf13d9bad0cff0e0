/** Tests that a checkpoint is never loaded if any of its bits differs from what was saved. */
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LoadOptions, loadCheckpoint } from '../../src/checkpoint/load-checkpoint.ts';
import { saveCheckpoint } from '../../src/checkpoint/save-checkpoint.ts';
import type { UserError } from '../../src/errors.ts';
import { littleEndian64, mutated } from '../support/mutations.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { METADATA, PROGRESS, weights } from './example.ts';

const folder = temporaryFolder();
const intact = join(folder, 'intact.safetensors');
const damaged = join(folder, 'damaged.safetensors');
let bytes: Buffer;
/** Position of the first tensor's first byte. */
let payload: number;

beforeAll(async () => {
  await saveCheckpoint(intact, weights(1.5, -2, 0, 3e-45), { ...METADATA, progress: PROGRESS });
  bytes = readFileSync(intact);
  payload = 8 + Number(bytes.readBigUInt64LE());
});

/** The error that a file is refused with; undefined if it is loaded. */
async function refusal(
  content: Uint8Array,
  { path = damaged, ...options }: LoadOptions & { path?: string } = {},
): Promise<UserError | undefined> {
  writeFileSync(path, content);
  return loadCheckpoint(path, options).then(
    () => undefined,
    (error) => error,
  );
}

function withBit(bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3]! ^= 1 << (bit & 7);
  return flipped;
}

test('an undamaged checkpoint is loaded', async () => {
  expect(await refusal(bytes)).toBeUndefined();
});

describe('a checkpoint with one flipped bit', () => {
  test('is refused (exit 4, naming the file) wherever in the header the bit is', async () => {
    for (let byte = 0; byte < payload; byte++) {
      const bits = Array.from({ length: 8 }, (_, bit) => 8 * byte + bit);
      const errors = await Promise.all(bits.map((bit) => refusal(withBit(bit), { path: `${damaged}.${bit & 7}` })));
      for (const [bit, error] of errors.entries()) {
        const found = error?.code === 4 && error.message.startsWith(`${damaged}.${bit}: `);
        if (!found) throw new Error(`byte ${byte}, bit ${bit}: ${error}`); // thousands of `expect` calls would be slow
      }
    }
  });

  test('is refused with a checksum mismatch wherever in the tensors the bit is, even in an unwanted one', async () => {
    expect(bytes.length - payload).toBe(24);
    for (let bit = 8 * payload; bit < 8 * bytes.length; bit++) {
      const mismatch = { code: 4, message: expect.stringContaining(`${damaged}: checksum mismatch: `) };
      expect(await refusal(withBit(bit))).toMatchObject(mismatch);
      expect(await refusal(withBit(bit), { keep: () => false })).toMatchObject(mismatch);
    }
  });

  test('is refused with both checksums in the message if the bit is in the checksum', async () => {
    const { checksum = '' } = await loadCheckpoint(intact);
    const flipped = withBit(8 * bytes.indexOf(checksum));
    const written = flipped.toString('latin1', bytes.indexOf(checksum), bytes.indexOf(checksum) + 64);
    expect((await refusal(flipped))?.message).toBe(
      `${damaged}: checksum mismatch: its bytes have SHA-256 ${checksum}, but it was saved with ${written}; ` +
        'it is damaged, use another checkpoint',
    );
  });
});

test('a checkpoint cut at any length is refused (exit 4)', async () => {
  copyFileSync(intact, damaged);
  for (let length = bytes.length - 1; length >= 0; length--) {
    truncateSync(damaged, length);
    await expect(loadCheckpoint(damaged)).rejects.toMatchObject({ name: 'UserError', code: 4 });
  }
});

test('a checkpoint changed in any other way is refused (exit 4)', async () => {
  await fc.assert(
    fc.asyncProperty(mutated(bytes, [littleEndian64(0)]), async (content) => {
      const error = await refusal(content);
      if (content.equals(bytes)) expect(error).toBeUndefined();
      else expect(error).toMatchObject({ name: 'UserError', code: 4 });
    }),
    { numRuns: 1000 },
  );
});
