/**
 * The safetensors format (https://github.com/huggingface/safetensors#format): the header's length as a little-endian
 * 64-bit integer, the header in JSON, then the tensors' bytes, little-endian. Only the types of a ResNet's checkpoint
 * are supported: F32, and I64 for PyTorch's counters.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { calledAs } from '../called-as.ts';
import { ExitCode, UserError } from '../errors.ts';
import { DTYPE_BYTES, parseHeader, type SafetensorsHeader, type TensorEntry } from './safetensors-header.ts';

/** A tensor on the host, in row-major order. */
export type Tensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'I64'; readonly shape: readonly number[]; readonly data: BigInt64Array };

/** Bytes of the header's length, with which a file begins. */
const LENGTH_BYTES = 8;

/** Bytes of the longest header that is read. The header of a ResNet-152 with Adam's moments has 0.25 MB. */
const MAX_HEADER_BYTES = 2 ** 20;

/** Bytes of the largest file that is read or written. A ResNet-152 with Adam's moments has 0.7 GB. */
export const MAX_FILE_BYTES = 2 ** 33;

/** Bytes read by one call. More is no faster, and a call cannot read 2 GiB. */
const READ_BYTES = 2 ** 22;

/**
 * Encodes tensors as a safetensors file.
 *
 * @param tensors tensors by name; the data of each are requested once, when they are to be encoded
 * @param metadata text fields for the header
 * @returns the file's bytes: the header, then the bytes of each tensor as views of its data
 */
export function* encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Generator<Uint8Array, void> {
  // The widest types first: each tensor then begins at a multiple of its values' width; readers can view it in place.
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

/** The callbacks of `scanSafetensors`. `header` and `tensor` may throw to refuse the file. */
interface SafetensorsVisitor {
  /**
   * Called before any tensor is read.
   *
   * @param bytes the file's bytes before the tensors: the header's length and the header
   */
  header?(header: SafetensorsHeader, bytes: Buffer): void;
  /** Called with all bytes after the header, in order; the buffer is overwritten after the call. */
  payload?(bytes: Buffer): void;
  /** Whether a tensor is wanted; default: all are wanted. */
  keep?(name: string): boolean;
  /** Called with the bytes of a wanted tensor, in a buffer of their own. */
  tensor?(name: string, entry: TensorEntry, bytes: Buffer): void;
}

/**
 * Reads a safetensors file from the first byte to the last and trusts nothing in it: the whole header is checked
 * against the file's size before a tensor is read or memory for it is allocated.
 *
 * @throws UserError (checkpoint) naming the field at fault, (io) if the file cannot be read
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

/** A tensor whose values are a view of these bytes. */
export function tensorOf({ dtype, shape }: TensorEntry, { buffer, byteOffset, byteLength: bytes }: Buffer): Tensor {
  const count = bytes / DTYPE_BYTES[dtype];
  return dtype === 'F32'
    ? { dtype, shape, data: new Float32Array(buffer, byteOffset, count) }
    : { dtype, shape, data: new BigInt64Array(buffer, byteOffset, count) };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Checked before opening: opening a named pipe would wait for ever.
    const stats = await stat(path);
    if (!stats.isFile()) throw fault(path, `is ${stats.isDirectory() ? 'a folder' : 'a device'}, not a checkpoint`);
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw fault(path, `no such checkpoint; make one with \`${calledAs()} train\``);
    }
    throw new UserError(`${path}: cannot be read (${code}); check its permissions`, ExitCode.io, { cause: error });
  }
}

/** Reads the header's length and the header. */
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

/** Fills a buffer from a position of the file. */
async function readInto(buffer: Buffer, handle: FileHandle, position: number, path: string): Promise<void> {
  for (let done = 0; done < buffer.length; ) {
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(buffer, done, buffer.length - done, position + done));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: reading failed (${code}); is the disk failing?`, ExitCode.io, { cause: error });
    }
    if (bytesRead === 0) throw fault(path, `file length: it was cut at byte ${position + done} while being read`);
    done += bytesRead;
  }
}

function fault(path: string, problem: string): UserError {
  return new UserError(`${path}: ${problem}`, ExitCode.checkpoint);
}
