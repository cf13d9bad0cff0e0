/** Saves checkpoints: safetensors files with this tool's metadata and checksum. */
import { ExitCode, UserError } from '../errors.ts';
import { type Piece, writeFileAtomically } from './atomic-file.ts';
import { Checksum } from './checksum.ts';
import { bytesOf } from './element-types.ts';
import { type Checkpoint, type LoadOptions, loadCheckpoint } from './load-checkpoint.ts';
import { type CheckpointMetadata, encodeMetadata, FOREIGN_METADATA } from './metadata.ts';
import { encodeSafetensors } from './safetensors.ts';
import type { TensorInfo } from './scan.ts';
import type { Tensor } from './tensor.ts';

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
