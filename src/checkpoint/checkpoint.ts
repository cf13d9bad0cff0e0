import { ExitCode, UserError } from '../errors.ts';
import { type Piece, writeFileAtomically } from './atomic-file.ts';
import { CHECKSUM_KEY, Checksum } from './checksum.ts';
import { type CheckpointMetadata, decodeMetadata, encodeMetadata } from './metadata.ts';
import { quote } from './quote.ts';
import { encodeSafetensors, scanSafetensors, type Tensor, tensorOf } from './safetensors.ts';
import { DTYPE_BYTES, type DType } from './safetensors-header.ts';

/** A tensor without its data. */
export interface TensorInfo {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** What is known of a checkpoint before its tensors are read. */
export interface CheckpointOutline {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** undefined in a file that this tool did not write */
  readonly metadata: CheckpointMetadata | undefined;
}

export interface Checkpoint extends CheckpointOutline {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** SHA-256 in hexadecimal, found right; undefined in a file that has none. */
  readonly checksum: string | undefined;
}

/**
 * Writes a checkpoint, whole or not at all, with its checksum, and reads it again before it takes the place of another.
 * @param tensors by PyTorch's names, in PyTorch's layouts; each one's data are asked for once, as they are written, and
 *   must stay as they are until the promise settles
 * @param keepAs where the checkpoint that is replaced is kept; default: nowhere
 * @throws {UserError} exit 6 naming what is not finite, exit 5 if the file cannot be written
 */
export async function saveCheckpoint(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: CheckpointMetadata,
  keepAs?: string,
): Promise<void> {
  const encoded = encodeMetadata(metadata);
  await writeFileAtomically(path, withChecksum(encodeSafetensors(finite(tensors, path), encoded)), {
    size: checkpointBytes(tensors.values()),
    verify: (temporary) => verifyWritten(temporary, path),
    ...(keepAs === undefined ? {} : { keepAs }),
  });
}

/** Bytes of a checkpoint with these tensors, a little more than less. */
export function checkpointBytes(tensors: Iterable<TensorInfo>): number {
  let bytes = 4096; // of metadata
  for (const { dtype, shape } of tensors) {
    bytes += shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype]) + 200; // of its entry in the header
  }
  return bytes;
}

/** The same tensors; data that are not finite are refused when their turn comes. */
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
        throw new UserError(`${name} holds a value that is not finite: ${path} is not saved`, ExitCode.diverged);
      },
    };
    return [name, checked];
  });
  return new Map(guarded);
}

/** `every(Number.isFinite)` takes five times as long, and this is done while steps are to be given out. */
function allFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) if (values[index]! - values[index]! !== 0) return false;
  return true;
}

/** The same bytes, and in the end the checksum for its place among them. */
function* withChecksum(pieces: Iterable<Uint8Array>): Generator<Piece, void> {
  let checksum: Checksum | undefined;
  for (const piece of pieces) {
    if (checksum) checksum.update(piece);
    else checksum = Checksum.of(piece);
    yield piece;
  }
  if (!checksum) throw new Error('there is no place for the checksum');
  yield { bytes: Buffer.from(checksum.digest()), position: checksum.position };
}

async function verifyWritten(temporary: string, path: string): Promise<void> {
  try {
    await loadCheckpoint(temporary, { keep: () => false });
  } catch (error) {
    const problem = `what was written is not what is read again (${(error as Error).message})`;
    throw new UserError(`${path}: could not be written: ${problem}; is the disk failing?`, ExitCode.io, {
      cause: error,
    });
  }
}

/** How a checkpoint is read. */
export interface LoadOptions {
  /** Is given names, types, shapes and metadata before any tensor is read, and may throw to refuse them. */
  readonly check?: (outline: CheckpointOutline) => void;
  /** Which tensors are wanted: the others are only read for the checksum; default: all. */
  readonly keep?: (name: string) => boolean;
}

/**
 * Reads a checkpoint, ours or PyTorch's, to its last byte, and checks it against its own checksum where it has one.
 * @throws {UserError} exit 4 naming the field at fault, exit 5 if the file cannot be read
 */
export async function loadCheckpoint(
  path: string,
  { check = () => {}, keep = () => true }: LoadOptions = {},
): Promise<Checkpoint> {
  let metadata: CheckpointMetadata | undefined;
  let checksum: Checksum | undefined;
  const tensors = new Map<string, Tensor>();
  await scanSafetensors(path, {
    header(header, bytes) {
      metadata = decodeMetadata(header.metadata, path);
      if (header.metadata.has(CHECKSUM_KEY)) checksum = expectChecksum(bytes, path);
      check({ tensors: header.tensors, metadata });
    },
    payload: (bytes) => checksum?.update(bytes),
    keep,
    tensor: (name, entry, bytes) => tensors.set(name, tensorOf(entry, bytes)),
  });
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

function expectChecksum(header: Buffer, path: string): Checksum {
  const checksum = Checksum.of(header);
  if (checksum) return checksum;
  throw new UserError(`${path}: metadata ${CHECKSUM_KEY}: expected 64 hexadecimal digits, once`, ExitCode.checkpoint);
}

/**
 * @param found the tensors of a checkpoint
 * @param expected those of the network, all of them
 * @param file the checkpoint's name, for messages
 * @throws {UserError} exit 4 naming the first tensor that is missing, of another shape or type, or unexpected
 */
export function expectTensors(
  found: ReadonlyMap<string, TensorInfo>,
  expected: readonly ({ readonly name: string } & TensorInfo)[],
  file: string,
): void {
  const problems: string[] = [];
  const unknown = new Map(found);
  for (const { name, ...wanted } of expected) {
    const tensor = found.get(name);
    unknown.delete(name);
    if (tensor === undefined) problems.push(`tensor ${name} is missing, expected ${describe(wanted)}`);
    else if (describe(tensor) !== describe(wanted)) {
      problems.push(`tensor ${name} is ${describe(tensor)}, expected ${describe(wanted)}`);
    }
  }
  for (const name of unknown.keys()) problems.push(`tensor ${quote(name)} is unknown to this network`);
  if (problems.length === 0) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new UserError(`${file}: ${problems[0]}${more}`, ExitCode.checkpoint);
}

function describe({ dtype, shape }: TensorInfo): string {
  return `${dtype} ${quote(shape)}`;
}
