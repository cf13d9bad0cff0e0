import { ExitCode, UserError } from '../errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { type CheckpointMetadata, decodeMetadata, encodeMetadata } from './metadata.ts';
import { quote } from './quote.ts';
import { encodeSafetensors, readSafetensors, type Tensor } from './safetensors.ts';
import type { DType } from './safetensors-header.ts';

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
}

/**
 * Writes a checkpoint, whole or not at all.
 * @param tensors by PyTorch's names, in PyTorch's layouts; their data must stay as they are until the promise settles
 * @throws {UserError} exit 6 naming what is not finite, exit 5 if the file cannot be written
 */
export async function saveCheckpoint(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: CheckpointMetadata,
): Promise<void> {
  for (const [name, { dtype, data }] of tensors) {
    if (dtype === 'F32' && !data.every(Number.isFinite)) {
      throw new UserError(`${name} holds a value that is not finite: ${path} is not saved`, ExitCode.diverged);
    }
  }
  await writeFileAtomically(path, encodeSafetensors(tensors, encodeMetadata(metadata)));
}

/**
 * Reads a checkpoint, ours or PyTorch's.
 * @param check is given names, types, shapes and metadata before any tensor is read, and may throw to refuse them
 * @throws {UserError} exit 4 naming the field at fault, exit 5 if the file cannot be read
 */
export async function loadCheckpoint(
  path: string,
  check: (outline: CheckpointOutline) => void = () => {},
): Promise<Checkpoint> {
  let metadata: CheckpointMetadata | undefined;
  const { tensors } = await readSafetensors(path, (header) => {
    metadata = decodeMetadata(header.metadata, path);
    check({ tensors: header.tensors, metadata });
  });
  return { tensors, metadata };
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
