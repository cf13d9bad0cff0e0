/**
 * The safetensors format (https://github.com/huggingface/safetensors#format): the header's length as a little-endian
 * 64-bit integer, the header in JSON, then the tensors' bytes, little-endian. Of its types only those are known here
 * that a ResNet's checkpoint has: F32, and I64 for PyTorch's counters.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { ExitCode, UserError } from '../errors.ts';
import { DTYPE_BYTES, parseHeader, type SafetensorsHeader, type TensorEntry } from './safetensors-header.ts';

export type Tensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

const LENGTH_BYTES = 8;

/** A ResNet-152's header with Adam's moments has 0.25 MB; more than this is not read. */
const MAX_HEADER_BYTES = 2 ** 20;

/** A ResNet-152 with Adam's moments has 0.7 GB; more than this is neither read nor begun to be written. */
export const MAX_FILE_BYTES = 2 ** 33;

/** Bytes read at a time: more gain nothing, and one call takes less than 2 GiB. */
const READ_BYTES = 2 ** 22;

/**
 * @param tensors by name, data in row-major order; each one's data are asked for once, when their turn comes
 * @param metadata any text by any key
 * @returns the file's bytes: the header, then each tensor's, views on their data
 */
export function* encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Generator<Uint8Array, void> {
  // The widest types first: then each tensor begins at a multiple of its own width, and readers can view it in place.
  const ordered = [...tensors].sort(([, a], [, b]) => DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype]);
  let end = 0;
  const entries = ordered.map(([name, { dtype, shape }]) => {
    const begin = end;
    end += byteLength(dtype, shape);
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  const header = Buffer.alloc(LENGTH_BYTES + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - LENGTH_BYTES));
  header.set(json, LENGTH_BYTES);
  yield header;
  for (const [name, tensor] of ordered) {
    const { dtype, shape } = tensor;
    const { buffer, byteOffset, byteLength: bytes, length } = tensor.data;
    if (bytes !== byteLength(dtype, shape))
      throw new Error(`${name}: ${length} values do not fill the shape [${shape}]`);
    yield new Uint8Array(buffer, byteOffset, bytes);
  }
}

function byteLength(dtype: Tensor['dtype'], shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]);
}

/** What is told while a file is read. Either function may throw to refuse it. */
export interface SafetensorsVisitor {
  /** @param bytes those that hold the header and its length, before any tensor's are read */
  header?(header: SafetensorsHeader, bytes: Buffer): void;
  /** Every byte behind the header, in their order; they are overwritten afterwards. */
  payload?(bytes: Buffer): void;
  /** Whether a tensor is wanted; default: all are. */
  keep?(name: string): boolean;
  /** A wanted tensor's bytes, in memory of their own. */
  tensor?(name: string, entry: TensorEntry, bytes: Buffer): void;
}

/**
 * Reads a safetensors file from the first byte to the last, trusting nothing in it: no byte of a tensor is read, and no
 * memory taken for it, before the header has been checked in full against the file's size.
 * @throws {UserError} exit 4 naming the field at fault, exit 5 if the file cannot be read
 */
export async function scanSafetensors(path: string, visitor: SafetensorsVisitor): Promise<void> {
  const handle = await openFile(path);
  try {
    const fileBytes = (await handle.stat()).size;
    const prefix = await readPrefix(handle, fileBytes, path);
    const header = parseHeader(prefix.subarray(LENGTH_BYTES), fileBytes - prefix.length, path);
    visitor.header?.(header, prefix);
    const scratch = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, header.payloadBytes));
    for (const [name, entry] of header.tensors) {
      const kept = visitor.keep?.(name) === false ? undefined : Buffer.allocUnsafeSlow(entry.end - entry.begin);
      for (let begin = entry.begin; begin < entry.end; begin += scratch.length) {
        const count = Math.min(scratch.length, entry.end - begin);
        const bytes = (kept?.subarray(begin - entry.begin) ?? scratch).subarray(0, count);
        await readInto(bytes, handle, prefix.length + begin, path);
        visitor.payload?.(bytes);
      }
      if (kept) visitor.tensor?.(name, entry, kept);
    }
  } finally {
    await handle.close();
  }
}

/** @returns the bytes of a tensor as its values */
export function tensorOf({ dtype, shape }: TensorEntry, { buffer, byteOffset, byteLength: bytes }: Buffer): Tensor {
  const count = bytes / DTYPE_BYTES[dtype];
  return dtype === 'F32'
    ? { dtype, shape, data: new Float32Array(buffer, byteOffset, count) }
    : { dtype, shape, data: new BigInt64Array(buffer, byteOffset, count) };
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

/** The header with its length in front. */
async function readPrefix(handle: FileHandle, fileBytes: number, path: string): Promise<Buffer> {
  if (fileBytes < LENGTH_BYTES) throw fault(path, `file length: ${fileBytes} bytes is too short for a checkpoint`);
  if (fileBytes > MAX_FILE_BYTES) {
    throw fault(path, `file length: ${fileBytes} bytes is more than any checkpoint has (${MAX_FILE_BYTES})`);
  }
  const length = (await readExactly(handle, 0, LENGTH_BYTES, path)).readBigUInt64LE();
  const most = Math.min(MAX_HEADER_BYTES, fileBytes - LENGTH_BYTES);
  if (length > most) throw fault(path, `header length: ${length}, expected at most ${most}; is it a safetensors file?`);
  return readExactly(handle, 0, LENGTH_BYTES + Number(length), path);
}

async function readExactly(handle: FileHandle, position: number, length: number, path: string): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await readInto(buffer, handle, position, path);
  return buffer;
}

/** Fills the buffer. */
async function readInto(buffer: Buffer, handle: FileHandle, position: number, path: string): Promise<void> {
  for (let done = 0; done < buffer.length; ) {
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(buffer, done, buffer.length - done, position + done));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: reading failed (${code})`, ExitCode.io, { cause: error });
    }
    if (bytesRead === 0) throw fault(path, `file length: it was cut at byte ${position + done} while being read`);
    done += bytesRead;
  }
}

function fault(path: string, problem: string): UserError {
  return new UserError(`${path}: ${problem}`, ExitCode.checkpoint);
}
