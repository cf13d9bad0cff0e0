/** Reads what `torch.save` writes: the zip form of PyTorch 1.6 and later, and the stream form from before. */
import type { Notice } from '../../errors.ts';
import { faultIn, type OpenedFile, readBytes } from '../file-reading.ts';
import { quote } from '../quote.ts';
import type { ScanVisitor, TensorInfo } from '../scan.ts';
import type { Archive } from './archive.ts';
import { isZip } from './beginning.ts';
import { EndOfBytes } from './byte-reader.ts';
import { type Layout, layoutOf } from './layout.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Piece } from './piece.ts';
import { readStorages, type WantedTensor } from './read-storages.ts';
import { stateDictIn } from './state-dict.ts';
import { openStream } from './stream-form.ts';
import { Opaque, PickleFault, type StoredTensor } from './values.ts';
import { openZip } from './zip-form.ts';

/** How a file of PyTorch is read. */
export interface PyTorchOptions {
  /** The key under which the wanted state dict is; default: the only one. */
  readonly from: string | undefined;
  /** Called with the key that was chosen. */
  readonly notice: Notice;
  /** Default: `LIMITS`. */
  readonly limits?: Limits;
}

/**
 * Reads a file of PyTorch from the first storage to the last, executes nothing of it, and trusts nothing in it: all that
 * its pickle tells is checked against the file's size before a storage is read.
 *
 * @throws UserError (checkpoint) naming what is wrong, (usage) if `from` is wanted, or given and wrong; (io) if the file
 *   cannot be read
 */
export async function scanPyTorch(
  file: OpenedFile,
  visitor: ScanVisitor,
  { from, notice, limits = LIMITS }: PyTorchOptions,
): Promise<void> {
  const { path } = file;
  try {
    const open = isZip(await readBytes(file, 0, 4)) ? openZip : openStream;
    const archive = await open(file, limits);
    const tensors = new Map<string, Located>();
    for (const [name, tensor] of stateDictIn(archive.value, path, from, notice)) {
      tensors.set(name, located(name, tensor, archive));
    }
    const infos = new Map([...tensors].map(([name, { info }]) => [name, info]));
    visitor.outline?.({ tensors: infos, metadata: archive.metadata });
    const wanted = new Map<Piece, WantedTensor[]>();
    for (const piece of [...archive.storages.values(), ...archive.others]) wanted.set(piece, []);
    let bytes = 0;
    for (const [name, { info, place }] of tensors) {
      if (visitor.keep?.(name) === false) continue;
      if (!place) throw faultIn(path, `tensor ${quote(name)} ${info.problem}`);
      wanted.get(place.piece)!.push({ name, info, layout: place.layout });
      bytes += place.layout.bytes;
    }
    if (bytes > limits.sharing * file.bytes) {
      throw faultIn(
        path,
        `its tensors share storages so often that they take ${bytes} bytes of ${file.bytes} in the file`,
      );
    }
    await readStorages(file, wanted, archive.isBigEndian, ({ name, info }, values) =>
      visitor.tensor?.(name, info, values),
    );
  } catch (error) {
    if (error instanceof EndOfBytes) throw faultIn(path, 'is cut or damaged: its pickle has no end; fetch it again');
    if (error instanceof PickleFault) throw faultIn(path, `is damaged, or none of torch.save's: ${error.message}`);
    throw error;
  }
}

/** A tensor, and where its values are, unless they cannot be read. */
interface Located {
  readonly info: TensorInfo;
  readonly place?: { readonly piece: Piece; readonly layout: Layout };
}

/** Checks that a tensor lies in the file. */
function located(name: string, tensor: StoredTensor | Opaque, { storages }: Archive): Located {
  if (tensor instanceof Opaque) return { info: { dtype: 'F32', shape: [], problem: problemOf(tensor) } };
  const { dtype, shape, storage, problem } = tensor.fields;
  if (problem !== undefined) return { info: { dtype, shape, problem } };
  const piece = storages.get(storage.key);
  if (!piece) throw new PickleFault(`tensor ${quote(name)}: its storage ${quote(storage.key)} is missing`);
  try {
    const layout = layoutOf(tensor, piece.bytes);
    if (layout) return { info: { dtype, shape }, place: { piece, layout } };
    return { info: { dtype, shape, problem: 'repeats its values; save its contiguous()' } };
  } catch (error) {
    if (error instanceof PickleFault) throw new PickleFault(`tensor ${quote(name)} ${error.message}`);
    throw error;
  }
}

/** Functions that rebuild tensors of other kinds, and what to do about them. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['torch._utils._rebuild_sparse_tensor', 'is sparse; save its to_dense()'],
  ['torch._utils._rebuild_sparse_csr_tensor', 'is sparse; save its to_dense()'],
  ['torch._utils._rebuild_nested_tensor', 'is nested; save its parts, from unbind()'],
  ['torch._utils._rebuild_meta_tensor_no_storage', 'has no values: it is on the device meta; save it with values'],
]);

function problemOf({ name }: Opaque): string {
  return KINDS.get(name) ?? `is made by ${quote(name)}, which is not run; save a plain tensor`;
}
