/** Writes a state dict as `torch.save` does: the zip form of PyTorch 1.6 and later. */
import { ExitCode, UserError } from '../../errors.ts';
import { CHECKSUM_KEY } from '../checksum.ts';
import { bytesOf } from '../element-types.ts';
import { type CheckpointMetadata, encodeMetadata } from '../metadata.ts';
import { bytesOfTensor, type Tensor } from '../tensor.ts';
import { pickledStateDict } from './write-pickle.ts';
import { MAX_ZIP_BYTES, type ZipEntry, zipPieces } from './write-zip.ts';
import { METADATA_ENTRY } from './zip-form.ts';

/**
 * The folder of the entries, as `torch.save` calls it where it has no path: so a file's bytes do not depend on its name,
 * and every name will do.
 */
const FOLDER = 'archive';

/** More bytes than the headers of one entry take, at its place and in the list. */
const ENTRY_BYTES = 1024;

/**
 * The bytes of a file that `torch.load(weights_only=True)` takes. `.format_version` is left out on purpose: where it is,
 * PyTorch may compute the places of storages from its own writer's habits instead of looking them up.
 *
 * @param path the file's path, for the message
 * @param tensors the data of each are requested once, when they are to be written
 * @param metadata facts about the run; default: none, for weights of another tool
 * @throws UserError (usage) if the file would be too large for this form
 */
export function pytorchPieces(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata?: CheckpointMetadata,
): Iterable<Uint8Array> {
  const size = [...tensors.values()].reduce((sum, { dtype, shape }) => sum + bytesOf(dtype, shape) + ENTRY_BYTES, 0);
  if (size > MAX_ZIP_BYTES) {
    const problem = `${size} bytes are more than a .pth file of this tool holds (${MAX_ZIP_BYTES})`;
    throw new UserError(`${path}: ${problem}; give --format safetensors, or --half`, ExitCode.usage);
  }
  return zipPieces(entriesOf(tensors, metadata));
}

function* entriesOf(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: CheckpointMetadata | undefined,
): Generator<ZipEntry, void> {
  const entry = (name: string, bytes: () => Uint8Array): ZipEntry => ({ name: `${FOLDER}/${name}`, bytes });
  const textEntry = (name: string, text: string) => entry(name, () => Buffer.from(text));
  yield entry('data.pkl', () => pickledStateDict(tensors));
  yield textEntry('byteorder', 'little');
  let index = 0;
  for (const [name, tensor] of tensors) yield entry(`data/${index++}`, () => bytesOfTensor(name, tensor));
  yield textEntry('version', '3\n');
  if (!metadata) return;
  const { [CHECKSUM_KEY]: _, ...texts } = encodeMetadata(metadata); // the zip file has a CRC-32 for each entry
  yield textEntry(METADATA_ENTRY, JSON.stringify(texts));
}
