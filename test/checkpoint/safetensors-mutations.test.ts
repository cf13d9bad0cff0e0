/**
 * Tests of reading safetensors files with random changes: what is read is what the file holds, and most are refused.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Tensor } from '../../src/checkpoint/tensor.ts';
import { bufferBytes, littleEndian64, mutated, renumbered, resized } from '../support/mutations.ts';
import { bytesOf, readSafetensors } from '../support/safetensors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const path = join(temporaryFolder(), 'checkpoint');
const TENSORS = new Map<string, Tensor>([
  ['bn.num_batches_tracked', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
  ['FC.weight', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, -2, 3, 0.5, 0, -1) }],
  ['FC.bias', { dtype: 'F32', shape: [2], data: Float32Array.of(0.25, 4) }],
  ['empty', { dtype: 'F32', shape: [0, 5], data: Float32Array.of() }],
]);
const VALID = bytesOf(TENSORS, { format: 'pt' });
const HEADER_LENGTH = littleEndian64(0);
const RUNS = { numRuns: 500 };

/** Bytes of memory allowed for a file: more than it has, and far less than its header may claim. */
const MOST_BUFFER_BYTES = 2 ** 20;

/** The tensors of a file; undefined if it is refused with exit code 4. */
async function tensorsOf(file: Uint8Array): Promise<Tensor[] | undefined> {
  writeFileSync(path, file);
  try {
    return [...(await readSafetensors(path)).tensors.values()];
  } catch (error) {
    const message = expect.stringMatching(/^[^\n]+\/checkpoint: [^\n]{1,400}$/);
    expect(error).toMatchObject({ name: 'UserError', code: 4, message });
    return undefined;
  }
}

const valuesOf = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

test('tensors read from a changed file fill their shapes and the whole file after the header, within little memory', async () => {
  const property = fc.asyncProperty(mutated(VALID, [HEADER_LENGTH]), async (bytes) => {
    let tensors: Tensor[] | undefined;
    const memory = await bufferBytes(async () => {
      tensors = await tensorsOf(bytes);
    });
    expect(memory).toBeLessThan(MOST_BUFFER_BYTES);
    if (tensors === undefined) return;
    for (const { shape, data } of tensors)
      expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1));
    const payload = bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
    expect(Buffer.concat(tensors.map(valuesOf))).toEqual(payload);
  });
  await fc.assert(property, RUNS);
});

test('a file with bytes missing or too many is refused', async () => {
  const property = fc.asyncProperty(resized(VALID), async (bytes) => expect(await tensorsOf(bytes)).toBeUndefined());
  await fc.assert(property, RUNS);
});

test('a file with another header length is refused', async () => {
  const property = fc.asyncProperty(renumbered(VALID, HEADER_LENGTH), async (bytes) => {
    expect(await tensorsOf(bytes)).toBeUndefined();
  });
  await fc.assert(property, RUNS);
});

test('random bytes are refused, alone and after a valid header', async () => {
  const header = VALID.subarray(0, 8 + Number(VALID.readBigUInt64LE()));
  const property = fc.asyncProperty(
    fc.constantFrom(Buffer.of(), header.subarray(0, 8), header),
    fc.uint8Array({ maxLength: 30 }),
    async (beginning, bytes) => expect(await tensorsOf(Buffer.concat([beginning, bytes]))).toBeUndefined(),
  );
  await fc.assert(property, RUNS);
});
