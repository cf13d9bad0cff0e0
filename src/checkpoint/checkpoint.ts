/** Saves and loads checkpoints: safetensors files with this tool's metadata and checksum, and files of PyTorch. */
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { type Piece, writeFileAtomically } from './atomic-file.ts';
import { CHECKSUM_KEY, Checksum } from './checksum.ts';
import { bytesOf } from './element-types.ts';
import { type OpenedFile, readBytes, withFile } from './file-reading.ts';
import { plainNames } from './foreign-names.ts';
import { type CheckpointMetadata, decodeMetadata, encodeMetadata, FOREIGN_METADATA } from './metadata.ts';
import { BEGINNING_BYTES, isPyTorch, scanPyTorch } from './pytorch/read-pytorch.ts';
import { quote } from './quote.ts';
import { encodeSafetensors, scanSafetensors } from './safetensors.ts';
import type { ScanVisitor, TensorInfo } from './scan.ts';
import { type Tensor, tensorOf } from './tensor.ts';

export { expectReadable, expectTensors } from './expect-tensors.ts';
export type { TensorInfo } from './scan.ts';

/** The part of a checkpoint that is known before its tensors are read. */
export interface CheckpointOutline {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Metadata of the run; undefined if another tool wrote the file. */
  readonly metadata: CheckpointMetadata | undefined;
}

/** A checkpoint that has been read to its last byte. */
interface Checkpoint extends CheckpointOutline {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The file's own SHA-256 in hexadecimal, verified; undefined if the file has none. */
  readonly checksum: string | undefined;
}

/**
 * Writes a checkpoint atomically with its checksum, and reads it back before it replaces another.
 *
 * @param tensors tensors by PyTorch's names, in PyTorch's layouts. The data of each are requested once, when they are
 *   written, and must not change before the promise settles
 * @param keepAs path under which the replaced checkpoint is kept; default: it is not kept
 * @param mayReplace called right before the checkpoint gets its name; what it throws stops that
 * @throws UserError (diverged) naming a value that is not finite, (io) if the file cannot be written
 */
export async function saveCheckpoint(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: CheckpointMetadata,
  keepAs?: string,
  mayReplace: () => void = () => {},
): Promise<void> {
  const verify = async (temporary: string) => {
    await readBack(temporary, path, { keep: () => false }).finally(mayReplace);
  };
  await writeFileAtomically(path, checkpointPieces(finite(tensors, path), metadata), {
    size: checkpointBytes(tensors.values()),
    verify,
    ...(keepAs === undefined ? {} : { keepAs }),
  });
}

/**
 * The bytes of a checkpoint as safetensors.
 *
 * @param tensors as for `saveCheckpoint`
 * @param metadata undefined for weights of another tool: the file then has no checksum either
 */
export function checkpointPieces(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: CheckpointMetadata | undefined,
): Iterable<Piece> {
  if (!metadata) return encodeSafetensors(tensors, FOREIGN_METADATA);
  return withChecksum(encodeSafetensors(tensors, encodeMetadata(metadata)));
}

/** More bytes than the metadata of a run take. Almost all are for `strangeness`: see `MOST_CLASSES`. */
const METADATA_BYTES = 2 ** 18;

/** More bytes than a tensor's entry in the header takes. */
const ENTRY_BYTES = 200;

/** An upper estimate of a checkpoint's bytes. */
export function checkpointBytes(tensors: Iterable<TensorInfo>): number {
  let bytes = METADATA_BYTES;
  for (const { dtype, shape } of tensors) {
    bytes += bytesOf(dtype, shape) + ENTRY_BYTES;
  }
  return bytes;
}

/** Wraps tensors so that reading their data throws a `UserError` (diverged) if a value is not finite. */
function finite(tensors: ReadonlyMap<string, Tensor>, path: string): Map<string, Tensor> {
  const guarded = [...tensors].map(([name, tensor]): [string, Tensor] => {
    if (tensor.dtype !== 'F32') return [name, tensor];
    const { dtype, shape } = tensor;
    const checked = {
      dtype,
      shape,
      get data() {
        const { data } = tensor;
        if (allFinite(data)) return data;
        throw new UserError(
          `${name} holds a value that is not finite: ${path} is not saved; try a smaller --lr`,
          ExitCode.diverged,
        );
      },
    };
    return [name, checked];
  });
  return new Map(guarded);
}

/**
 * Whether all values are finite. `every(Number.isFinite)` takes five times as long, and this runs on the thread that
 * starts the training steps.
 */
function allFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) if (values[index]! - values[index]! !== 0) return false;
  return true;
}

/** Yields the pieces, and then the checksum of their bytes for its place in the header. */
function* withChecksum(pieces: Iterable<Uint8Array>): Generator<Piece, void> {
  let checksum: Checksum | undefined;
  for (const piece of pieces) {
    if (checksum) checksum.update(piece);
    else checksum = Checksum.of(piece);
    yield piece;
  }
  if (!checksum) throw new Error('the header has no place for the checksum');
  yield { bytes: Buffer.from(checksum.digest()), position: checksum.position };
}

/**
 * Reads a new file back from the disk, and thereby verifies its checksums.
 *
 * @param temporary its present path
 * @param path the path that it shall have, for the message
 * @throws UserError (io) if it is not as it was written
 */
export async function readBack(temporary: string, path: string, options: LoadOptions): Promise<Checkpoint> {
  try {
    return await loadCheckpoint(temporary, options);
  } catch (error) {
    const problem = `it cannot be read back (${(error as Error).message})`;
    throw new UserError(`${path}: could not be written: ${problem}; is the disk failing?`, ExitCode.io, {
      cause: error,
    });
  }
}

/** How `loadCheckpoint` reads a checkpoint. */
export interface LoadOptions {
  /** Receives names, types, shapes and metadata before any tensor is read; may throw to refuse the checkpoint. */
  readonly check?: (outline: CheckpointOutline) => void;
  /** Whether a tensor is wanted. Unwanted tensors are read for the checksum only; default: all are wanted. */
  readonly keep?: (name: string) => boolean;
  /** The key of a PyTorch file under which the wanted state dict is; default: the only one. */
  readonly from?: string | undefined;
  /** Called with what was done to a file of another tool, such as a prefix that was taken off all names. */
  readonly notice?: Notice;
}

/**
 * Reads a checkpoint of this tool or of another to its last byte, and verifies its checksums if it has some. In a file
 * of another tool the tensors have plain names (`plainNames`), and values with fractions are converted to float32.
 *
 * @throws UserError (checkpoint) naming the field at fault, (io) if the file cannot be read
 * @throws UserError (usage) if `from` is wanted, or given and wrong
 */
export async function loadCheckpoint(path: string, options: LoadOptions = {}): Promise<Checkpoint> {
  const { check = () => {}, keep = () => true, from, notice = () => {} } = options;
  let metadata: CheckpointMetadata | undefined;
  let checksum: Checksum | undefined;
  /** Plain names by the names in the file; two tensors that are one in memory have two. */
  let names: ReadonlyMap<string, readonly string[]> = new Map();
  const tensors = new Map<string, Tensor>();
  const visitor: ScanVisitor = {
    outline(outline, header) {
      metadata = decodeMetadata(outline.metadata, path, header !== undefined);
      if (header && outline.metadata.has(CHECKSUM_KEY)) checksum = expectChecksum(header, path);
      names = metadata
        ? new Map([...outline.tensors.keys()].map((name) => [name, [name]]))
        : plainNames(outline, path, notice);
      const entries = [...names].flatMap(([stored, plain]) =>
        plain.map((name) => [name, outline.tensors.get(stored)!] as const),
      );
      check({ tensors: new Map(entries), metadata });
    },
    payload: (bytes) => checksum?.update(bytes),
    keep: (stored) => names.get(stored)?.some(keep) ?? false,
    tensor(stored, info, bytes) {
      const tensor = tensorOf(info, bytes, `${path}: tensor ${quote(stored)}`);
      for (const name of names.get(stored) ?? []) tensors.set(name, tensor);
    },
  };
  await withFile(path, (file) => scan(file, visitor, { from, notice }));
  const found = checksum?.digest();
  if (found !== checksum?.written) {
    throw new UserError(
      `${path}: checksum mismatch: its bytes have SHA-256 ${found}, but it was saved with ${checksum?.written}; ` +
        'it is damaged, use another checkpoint',
      ExitCode.checkpoint,
    );
  }
  return { tensors, metadata, checksum: checksum?.written };
}

/** Reads a file of any form. */
async function scan(
  file: OpenedFile,
  visitor: ScanVisitor,
  { from, notice }: { readonly from: string | undefined; readonly notice: Notice },
): Promise<void> {
  const beginning = await readBytes(file, 0, Math.min(BEGINNING_BYTES, file.bytes));
  if (isPyTorch(beginning)) return scanPyTorch(file, visitor, { from, notice });
  if (from !== undefined) {
    throw new UserError(
      `--from ${JSON.stringify(from)} names a key of a PyTorch file, but ${file.path} is none; leave it out`,
      ExitCode.usage,
    );
  }
  return scanSafetensors(file, visitor);
}

function expectChecksum(header: Buffer, path: string): Checksum {
  const checksum = Checksum.of(header);
  if (checksum) return checksum;
  throw new UserError(`${path}: metadata ${CHECKSUM_KEY}: expected 64 hexadecimal digits, once`, ExitCode.checkpoint);
}
