/** The form of PyTorch 1.6 and later: a zip file in which one entry is a pickle, and each storage is an entry. */
import { faultIn, type OpenedFile } from '../file-reading.ts';
import { quote } from '../quote.ts';
import type { Archive } from './archive.ts';
import type { Limits } from './limits.ts';
import { unpickle } from './pickle.ts';
import { type Piece, readPiece } from './piece.ts';
import { zipEntries } from './zip-entries.ts';

/** End of the pickle's name, after the folder that all entries are in. */
const PICKLE = '/data.pkl';

/** The entry in which this tool keeps texts. PyTorch looks at no entry that it does not need. */
const METADATA_ENTRY = '.data/resnet.json';

/** Bytes of the longer name of a byte order: `little`. */
const BYTE_ORDER_BYTES = 6;

/**
 * Opens a file of this form.
 *
 * @throws PickleFault, or UserError (checkpoint), naming what is wrong
 */
export async function openZip(file: OpenedFile, limits: Limits): Promise<Archive> {
  const entries = await zipEntries(file, limits);
  const folder = folderIn([...entries.keys()], file.path);
  for (const { title, isCompressed } of entries.values()) {
    if (!isCompressed) continue;
    throw faultIn(
      file.path,
      `${title} is compressed, where torch.save stores it as it is; save it again by torch.save`,
    );
  }
  const take = async (name: string, mostBytes: number): Promise<Buffer | undefined> => {
    const piece = entries.get(folder + name);
    entries.delete(folder + name);
    return piece && readPiece(file, piece, mostBytes);
  };
  const pickle = await take('data.pkl', limits.pickleBytes);
  const byteOrder = (await take('byteorder', BYTE_ORDER_BYTES))?.toString('latin1') ?? 'little';
  if (byteOrder !== 'little' && byteOrder !== 'big') {
    throw faultIn(file.path, `entry byteorder: ${quote(byteOrder)}, expected little or big`);
  }
  const texts = await take(METADATA_ENTRY, limits.metadataBytes);
  const { value } = unpickle(pickle!, 0, limits);
  const storages = new Map<string, Piece>();
  const others: Piece[] = [];
  const beginning = `${folder}data/`;
  for (const [name, piece] of entries) {
    if (name.startsWith(beginning)) storages.set(name.slice(beginning.length), piece);
    else others.push(piece);
  }
  const metadata = texts ? parseTexts(texts, file.path) : new Map<string, string>();
  return { value, storages, others, isBigEndian: byteOrder === 'big', metadata };
}

/** The folder of the pickle, with `/`. It is called as the file was when it was saved, or `archive`. */
function folderIn(names: readonly string[], path: string): string {
  const pickles = names.filter((name) => name.endsWith(PICKLE));
  if (pickles.length !== 1) {
    const found = `a zip file with ${pickles.length} entries data.pkl`;
    throw faultIn(path, `is ${found}, where torch.save writes one; is it a checkpoint of PyTorch?`);
  }
  const folder = pickles[0]!.slice(0, 1 - PICKLE.length);
  if (!names.includes(`${folder}constants.pkl`)) return folder;
  const remedy = 'in PyTorch save the state dict instead: torch.save(model.state_dict(), PATH)';
  throw faultIn(path, `is a TorchScript archive, whose code is not run; ${remedy}`);
}

/** A JSON object of texts. */
function parseTexts(json: Buffer, path: string): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(json.toString());
  } catch {
    value = undefined;
  }
  const texts =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (texts?.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return new Map(texts);
  throw faultIn(path, `entry ${METADATA_ENTRY}: expected a JSON object of texts; export the file again`);
}
