/** Loads checkpoints: of this tool, and files of other tools, of any form. */
import { ExitCode, type Notice, UserError } from '../errors.ts';
import { CHECKSUM_KEY, Checksum } from './checksum.ts';
import { type OpenedFile, readBytes, withFile } from './file-reading.ts';
import { plainNames } from './foreign-names.ts';
import { type CheckpointMetadata, decodeMetadata } from './metadata.ts';
import { BEGINNING_BYTES, isPyTorch } from './pytorch/beginning.ts';
import { quote } from './quote.ts';
import { scanSafetensors } from './safetensors.ts';
import type { ScanVisitor, TensorInfo } from './scan.ts';
import { type Tensor, tensorOf } from './tensor.ts';

/** The part of a checkpoint that is known before its tensors are read. */
export interface CheckpointOutline {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Metadata of the run; undefined if another tool wrote the file. */
  readonly metadata: CheckpointMetadata | undefined;
}

/** A checkpoint that has been read to its last byte. */
export interface Checkpoint extends CheckpointOutline {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The file's own SHA-256 in hexadecimal, verified; undefined if the file has none. */
  readonly checksum: string | undefined;
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
  if (isPyTorch(beginning)) {
    const { scanPyTorch } = await import('./pytorch/read-pytorch.ts');
    return scanPyTorch(file, visitor, { from, notice });
  }
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
