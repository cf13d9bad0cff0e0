/**
 * The safetensors format (https://github.com/huggingface/safetensors#format): the header's length as a little-endian
 * 64-bit integer, the header in JSON, then the tensors' bytes, little-endian. Of its types only those are known here
 * that a ResNet's checkpoint has: F32, and I64 for PyTorch's counters.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { ExitCode, UserError } from '../errors.ts';
import { DTYPE_BYTES, parseHeader, type SafetensorsHeader } from './safetensors-header.ts';

export type Tensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

const LENGTH_BYTES = 8;

/** A ResNet-18's header has about 14 kB; more than this is not read. */
const MAX_HEADER_BYTES = 2 ** 20;

/** A ResNet-152 with its Adam slots has 0.7 GB; more than this is not read. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/**
 * @param tensors by name, data in row-major order
 * @param metadata any text by any key
 * @returns the file's bytes in pieces, the tensors' being views on their data
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  // The widest types first: then each tensor begins at a multiple of its own width, and readers can view it in place.
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  let end = 0;
  const entries = ordered.map(([name, { dtype, shape, data }]) => {
    if (data.length !== shape.reduce((product, size) => product * size, 1)) {
      throw new Error(`${name}: ${data.length} values do not fill the shape [${shape}]`);
    }
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  const header = Buffer.alloc(LENGTH_BYTES + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - LENGTH_BYTES));
  header.set(json, LENGTH_BYTES);
  return [header, ...ordered.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

/**
 * Reads a safetensors file, trusting nothing in it: no byte of a tensor is read, and no memory taken for it, before the
 * header has been checked in full against the file's size.
 * @param check may refuse the file by its header, before any tensor is read
 * @returns tensors by name, views on one buffer wherever the file has them aligned
 * @throws {UserError} exit 4 naming the field at fault, exit 5 if the file cannot be read
 */
export async function readSafetensors(
  path: string,
  check: (header: SafetensorsHeader) => void = () => {},
): Promise<{ tensors: Map<string, Tensor>; metadata: ReadonlyMap<string, string> }> {
  const handle = await openFile(path);
  try {
    const fileBytes = (await handle.stat()).size;
    const header = await readHeader(handle, fileBytes, path);
    check(header);
    const payload = await readExactly(handle, fileBytes - header.payloadBytes, header.payloadBytes, path);
    return { tensors: viewTensors(header, payload), metadata: header.metadata };
  } finally {
    await handle.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Asked before opening: a named pipe would wait for ever.
    const stats = await stat(path);
    if (!stats.isFile()) throw fault(path, `is ${stats.isDirectory() ? 'a folder' : 'a device'}, not a checkpoint`);
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw fault(path, 'no such checkpoint; make one with `resnet train`');
    }
    throw new UserError(`${path}: cannot be read (${code}); check its permissions`, ExitCode.io, { cause: error });
  }
}

async function readHeader(handle: FileHandle, fileBytes: number, path: string): Promise<SafetensorsHeader> {
  if (fileBytes < LENGTH_BYTES) throw fault(path, `file length: ${fileBytes} bytes is too short for a checkpoint`);
  if (fileBytes > MAX_FILE_BYTES) {
    throw fault(path, `file length: ${fileBytes} bytes is more than any checkpoint has (${MAX_FILE_BYTES})`);
  }
  const length = (await readExactly(handle, 0, LENGTH_BYTES, path)).readBigUInt64LE();
  const most = Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES);
  if (length > most) throw fault(path, `header length: ${length}, expected at most ${most}; is it a safetensors file?`);
  const headerBytes = Number(length);
  const bytes = await readExactly(handle, LENGTH_BYTES, headerBytes, path);
  return parseHeader(bytes, fileBytes - LENGTH_BYTES - headerBytes, path);
}

async function readExactly(handle: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  // Unpooled, so that a tensor's place in the payload is its place in the buffer, and is aligned if it was so on disk.
  const buffer = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(buffer, done, length - done, position + done));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: reading failed (${code})`, ExitCode.io, { cause: error });
    }
    if (bytesRead === 0) throw fault(path, `file length: it was cut at byte ${position + done} while being read`);
    done += bytesRead;
  }
  return buffer;
}

function viewTensors(header: SafetensorsHeader, payload: Buffer): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, begin, end }] of header.tensors) {
    const width = DTYPE_BYTES[dtype];
    const aligned = begin % width === 0;
    const buffer = aligned ? payload.buffer : payload.buffer.slice(begin, end);
    const offset = aligned ? begin : 0;
    const count = (end - begin) / width;
    if (dtype === 'F32') tensors.set(name, { dtype, shape, data: new Float32Array(buffer, offset, count) });
    else tensors.set(name, { dtype, shape, data: new BigInt64Array(buffer, offset, count) });
  }
  return tensors;
}

function fault(path: string, problem: string): UserError {
  return new UserError(`${path}: ${problem}`, ExitCode.checkpoint);
}
