/**
 * The safetensors format (https://github.com/huggingface/safetensors#format): the header's length as a little-endian
 * 64-bit integer, the header in JSON, then the tensors' bytes, little-endian.
 */
import { bytesOf, ELEMENT_BITS } from './element-types.ts';
import { faultIn, type OpenedFile, READ_BYTES, readBytes, readInto } from './file-reading.ts';
import { parseHeader } from './safetensors-header.ts';
import type { ScanVisitor } from './scan.ts';
import { bytesOfTensor, type Tensor } from './tensor.ts';

/** Bytes of the header's length, with which a file begins. */
const LENGTH_BYTES = 8;

/** Bytes of the longest header that is read. The header of a ResNet-152 with Adam's moments has 0.25 MB. */
const MAX_HEADER_BYTES = 2 ** 20;

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
  const ordered = [...tensors].sort(([, a], [, b]) => ELEMENT_BITS[b.dtype] - ELEMENT_BITS[a.dtype]);
  let end = 0;
  const entries = ordered.map(([name, { dtype, shape }]) => {
    const begin = end;
    end += bytesOf(dtype, shape);
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const json = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  const header = Buffer.alloc(LENGTH_BYTES + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - LENGTH_BYTES));
  header.set(json, LENGTH_BYTES);
  yield header;
  for (const [name, tensor] of ordered) yield bytesOfTensor(name, tensor);
}

/**
 * Reads a safetensors file from the first byte to the last and trusts nothing in it: the whole header is checked
 * against the file's size before a tensor is read or memory for it is allocated.
 *
 * @throws UserError (checkpoint) naming the field at fault, (io) if the file cannot be read
 */
export async function scanSafetensors(file: OpenedFile, visitor: ScanVisitor): Promise<void> {
  const prefix = await readPrefix(file);
  const header = parseHeader(prefix.subarray(LENGTH_BYTES), file.bytes - prefix.length, file.path);
  visitor.outline?.(header, prefix);
  const scratch = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, header.payloadBytes));
  for (const [name, entry] of header.tensors) {
    const kept = visitor.keep?.(name) === false ? undefined : Buffer.allocUnsafeSlow(entry.end - entry.begin);
    for (let begin = entry.begin; begin < entry.end; begin += scratch.length) {
      const count = Math.min(scratch.length, entry.end - begin);
      const bytes = (kept?.subarray(begin - entry.begin) ?? scratch).subarray(0, count);
      await readInto(bytes, file, prefix.length + begin);
      visitor.payload?.(bytes);
    }
    if (kept) visitor.tensor?.(name, entry, kept);
  }
}

/** Reads the header's length and the header. */
async function readPrefix(file: OpenedFile): Promise<Buffer> {
  const { path, bytes } = file;
  if (bytes < LENGTH_BYTES) throw faultIn(path, `file length: ${bytes} bytes is too short for a checkpoint`);
  const length = (await readBytes(file, 0, LENGTH_BYTES)).readBigUInt64LE();
  const most = Math.min(MAX_HEADER_BYTES, bytes - LENGTH_BYTES);
  if (length > most) {
    throw faultIn(
      path,
      `header length: ${length}, expected at most ${most}; was it cut, or is it no file of safetensors or PyTorch?`,
    );
  }
  return readBytes(file, 0, LENGTH_BYTES + Number(length));
}
