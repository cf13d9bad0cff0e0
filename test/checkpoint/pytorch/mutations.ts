/** Properties of the reader under random changes of small files; the quick and the slow tests differ in their number. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf } from '../../../src/checkpoint/element-types.ts';
import { ExitCode, type UserError } from '../../../src/errors.ts';
import { bufferBytes, littleEndian16, littleEndian32, littleEndian64, mutated } from '../../support/mutations.ts';
import { FILES, scannedBytes } from './scanned.ts';

/** Bytes of memory allowed for a file: more than it has, and far less than its numbers may claim. */
const MOST_BUFFER_BYTES = 2 ** 20;

/** Milliseconds allowed for a file, on a machine that does other things, too. */
const MOST_MS = 2000;

type Tensors = Awaited<ReturnType<typeof scannedBytes>>['tensors'];

/** Reads a changed file within little memory and time: its tensors, or undefined if it is refused. */
async function read(bytes: Buffer): Promise<Tensors | undefined> {
  let tensors: Tensors | undefined;
  const begin = performance.now();
  const memory = await bufferBytes(async () => {
    try {
      ({ tensors } = await scannedBytes(bytes));
    } catch (error) {
      const message = expect.stringMatching(/^[^\n]+\/file\.pth: [^\p{C}]{1,300}$/u);
      expect(error).toMatchObject({ name: 'UserError', message });
      expect([ExitCode.usage, ExitCode.checkpoint]).toContain((error as UserError).code); // usage: several state dicts
    }
  });
  expect(memory).toBeLessThan(MOST_BUFFER_BYTES);
  expect(performance.now() - begin).toBeLessThan(MOST_MS);
  return tensors;
}

/** Places of the numbers in the list at a zip file's end, and in its end records. */
function fieldsOfList(zip: Buffer) {
  const places: ReturnType<typeof littleEndian32>[] = [];
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4)) {
    // Method, lengths of name and more; checksum, sizes, place of the entry.
    for (const offset of [10, 28, 30]) places.push(littleEndian16(at + offset));
    for (const offset of [16, 20, 24, 42]) places.push(littleEndian32(at + offset));
  }
  const [long, short] = [zip.lastIndexOf('PK\x06\x06'), zip.lastIndexOf('PK\x05\x06')];
  for (const offset of [24, 32, 40, 48]) places.push(littleEndian64(long + offset));
  for (const offset of [12, 16]) places.push(littleEndian32(short + offset));
  return places;
}

/** Places of the counts in front of the storages, and of the first numbers of four bytes. */
function fieldsOfStream(stream: Buffer) {
  const lengths = [...stream.toString('latin1').matchAll(/X/g)].map(({ index }) => littleEndian32(index + 1));
  return [...lengths, ...Array.from({ length: 8 }, (_, index) => littleEndian64(stream.length - 8 * (index + 1)))];
}

/** Reads changed copies of a file with checksums: the numbers are right, or the file is refused. */
export async function readsRightNumbers(name: string, numRuns: number): Promise<void> {
  const valid = readFileSync(join(FILES, name));
  const right = await scannedBytes(valid);
  let refused = 0;
  const property = fc.asyncProperty(mutated(valid, fieldsOfList(valid)), async (bytes) => {
    const tensors = await read(bytes);
    if (tensors) expect(tensors).toEqual(right.tensors);
    else refused++;
  });
  await fc.assert(property, { numRuns });
  expect(refused).toBeGreaterThan(numRuns / 4);
}

/** Reads changed copies of a file without checksums: the numbers fill their shapes, or the file is refused. */
export async function readsNumbersThatFit(name: string, numRuns: number): Promise<void> {
  const valid = readFileSync(join(FILES, name));
  const fields = name.endsWith('.zip.pth') ? fieldsOfList(valid) : fieldsOfStream(valid);
  let refused = 0;
  const property = fc.asyncProperty(mutated(valid, fields), async (bytes) => {
    const tensors = await read(bytes);
    for (const { dtype, shape, bytes: values } of tensors?.values() ?? []) {
      expect(values).toHaveLength(bytesOf(dtype, shape));
    }
    if (!tensors) refused++;
  });
  await fc.assert(property, { numRuns });
  expect(refused).toBeGreaterThan(numRuns / 4);
}
