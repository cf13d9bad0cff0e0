/** Tests of the reader by which zip files are opened. */
import { expect, test } from '@jest/globals';
import { openZip, ZipReader } from '../src/zip-reader.ts';
import { zipFile } from './checkpoint/pytorch/hand-made.ts';

const CONTENT = Buffer.alloc(2 ** 19 + 3, 'some bytes');
const fault = new Error('the disk fails');
const fillFrom = (source: Buffer) => async (buffer: Buffer, position: number) => {
  source.copy(buffer, 0, position);
};

test('entries are listed and their bytes streamed from any source of bytes', async () => {
  const bytes = zipFile([
    ['empty', ''],
    ['long', CONTENT],
  ]);
  const zip = await openZip(bytes.length, fillFrom(bytes));
  const found: [string, Buffer][] = [];
  for await (const entry of zip.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await zip.openReadStreamPromise(entry)) pieces.push(piece);
    found.push([entry.fileName, Buffer.concat(pieces)]);
  }
  expect(found.map(([name, { length }]) => [name, length])).toEqual([
    ['empty', 0],
    ['long', CONTENT.length],
  ]);
  expect(found[1]![1].equals(CONTENT)).toBe(true);
});

/** What the reader gives back. */
function read(reader: ZipReader, buffer: Buffer, position: number): Promise<Error | number | undefined> {
  return new Promise((resolve) => {
    reader.read(buffer, 2, 4, position, (error, bytesRead) => resolve(error ?? bytesRead));
  });
}

test('a place up to the end of the source is read', async () => {
  const buffer = Buffer.from('--....--');
  expect(await read(new ZipReader(10, fillFrom(Buffer.from('0123456789'))), buffer, 6)).toBe(4);
  expect(buffer.toString()).toBe('--6789--');
});

test.each([7, 10, 2 ** 32, 2 ** 53, 2 ** 64, -1, Number.NaN])(
  'the place %d, which is not in the source, is an error, and the source is never asked for it',
  async (position) => {
    const asked: number[] = [];
    const reader = new ZipReader(10, async (_, at) => void asked.push(at));
    expect(await read(reader, Buffer.alloc(8), position)).toMatchObject({
      message: 'it tells a place beyond the end of the file',
    });
    expect(asked).toEqual([]);
  },
);

test('a stream ends in an error where it leaves the source', async () => {
  const reader = new ZipReader(10, fillFrom(Buffer.alloc(10)));
  await expect(reader.createReadStream({ start: 7, end: 11 }).toArray()).rejects.toThrow('it tells a place beyond');
});

test('what the source throws comes out', async () => {
  const fill = () => Promise.reject(fault);
  expect(await read(new ZipReader(10, fill), Buffer.alloc(8), 0)).toBe(fault);
  await expect(new ZipReader(10, fill).createReadStream({ start: 0, end: 4 }).toArray()).rejects.toBe(fault);
  await expect(openZip(100, fill)).rejects.toBe(fault);
});
