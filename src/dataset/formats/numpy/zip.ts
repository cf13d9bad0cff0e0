/** Reads entries of zip files by the list at their end, whose sizes are right also where a writer streamed. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type yauzl from 'yauzl';
import { openZip } from '../../../zip-reader.ts';
import { allocate, dataFault, fileBytes, readInto } from '../files.ts';
import type { Limits } from '../limits.ts';

/** Most that deflate expands: 1032 to 1 (https://zlib.net/zlib_tech.html). */
const MOST_EXPANSION = 1032;

/** Most entries that are listed. A data set has six. */
const MOST_ENTRIES = 10_000;

/** Compression methods that are read. */
const METHODS = { stored: 0, deflated: 8 } as const;

/** Calls `work` with the zip file, and closes it. */
async function withZip<T>(path: string, work: (zip: yauzl.ZipFile) => Promise<T>): Promise<T> {
  const bytes = await fileBytes(path);
  let file: FileHandle | undefined;
  try {
    const opened = await open(path);
    file = opened;
    return await work(await openZip(bytes, (buffer, position) => readInto(buffer, opened, path, position)));
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'UserError') throw error;
    throw dataFault(path, `cannot be read as a zip file (${message}); fetch it again, or write it by np.savez`, error);
  } finally {
    await file?.close();
  }
}

/**
 * Lists the entries of a zip file.
 *
 * @throws UserError (data) if it is no zip file, its list is damaged, or a name occurs twice
 */
export async function zipEntries(path: string): Promise<yauzl.Entry[]> {
  return withZip(path, async (zip) => {
    const entries = new Map<string, yauzl.Entry>();
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= MOST_ENTRIES)
        throw dataFault(path, `holds more than ${MOST_ENTRIES} entries; give a data set`);
      if (entries.has(entry.fileName)) throw dataFault(path, `holds ${entry.fileName} twice; write it again`);
      entries.set(entry.fileName, entry);
    }
    return [...entries.values()];
  });
}

/**
 * Reads an entry. Its sizes are checked before memory is taken, and its checksum after.
 *
 * @param title the entry's name, for messages
 * @param most how many bytes of its beginning to read, whose checksum is not known; default: all
 * @throws UserError (data) if it is too large, damaged, encrypted or compressed in another way than by deflate
 */
export async function readEntry(
  path: string,
  entry: yauzl.Entry,
  title: string,
  limits: Limits,
  most = Number.POSITIVE_INFINITY,
): Promise<Buffer<ArrayBuffer>> {
  const { uncompressedSize, compressedSize, compressionMethod } = entry;
  const known = compressionMethod === METHODS.stored || compressionMethod === METHODS.deflated;
  if (!known || entry.isEncrypted()) {
    const how = known ? 'is encrypted' : `is compressed by method ${compressionMethod}`;
    throw dataFault(title, `${how}, which is not read; write the file by np.savez or np.savez_compressed`);
  }
  if (uncompressedSize > (compressedSize + 1) * MOST_EXPANSION) {
    throw dataFault(
      title,
      `claims ${uncompressedSize} bytes of ${compressedSize} compressed ones; fetch the file again`,
    );
  }
  const bytes = allocate(Math.min(uncompressedSize, most), limits.arrayBytes, title);
  return withZip(path, async (zip) => {
    const whole = bytes.length === uncompressedSize;
    await fill(bytes, await zip.openReadStreamPromise(entry), whole);
    if (whole && crc32(bytes) !== entry.crc32) {
      throw dataFault(
        title,
        'is damaged: its checksum (CRC-32) differs from the one in the file; fetch the file again',
      );
    }
    return bytes;
  });
}

/** Fills a buffer from a stream. Only a stream that is read to its end tells whether it is longer than it claims. */
async function fill(bytes: Buffer, stream: Readable, toTheEnd: boolean): Promise<void> {
  let at = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    at += chunk.copy(bytes, at);
    if (at === bytes.length && !toTheEnd) break;
  }
  if (at < bytes.length) throw new Error(`${at} of ${bytes.length} bytes are there`);
}
