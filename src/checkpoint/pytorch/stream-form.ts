/**
 * The form of PyTorch before 1.6: pickles of a magic number, a version, facts about the machine, the saved value, and the
 * storages' keys, one after another; then for each key a count of 64 bits and so many values, little-endian. PyTorch
 * ignores the facts about the machine, and whatever follows the last storage.
 */
import { ELEMENT_BITS } from '../element-types.ts';
import { faultIn, type OpenedFile, readBytes } from '../file-reading.ts';
import { quote } from '../quote.ts';
import type { Archive } from './archive.ts';
import { EndOfBytes } from './byte-reader.ts';
import type { Limits } from './limits.ts';
import { unpickle } from './pickle.ts';
import type { Piece } from './piece.ts';
import { List, PickleFault, type Storage, type Value } from './values.ts';

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/** Bytes of a storage's count. */
const COUNT_BYTES = 8;

/** Bytes that are read first to find the pickles' end; they are enough for a network without an optimizer. */
const FIRST_BYTES = 2 ** 18;

/**
 * Opens a file of this form.
 *
 * @throws PickleFault, or UserError (checkpoint), naming what is wrong
 */
export async function openStream(file: OpenedFile, limits: Limits): Promise<Archive> {
  const { value, keys, storages, end } = await readPickles(file, limits);
  return {
    value,
    storages: await findStorages(file, keys, storages, end),
    others: [],
    isBigEndian: false,
    metadata: new Map(),
  };
}

/** Reads more and more of the file until the pickles are whole. */
async function readPickles(file: OpenedFile, limits: Limits): Promise<ReturnType<typeof parsePickles>> {
  for (let length = FIRST_BYTES; ; length *= 4) {
    const most = Math.min(length, file.bytes, limits.pickleBytes);
    try {
      return parsePickles(await readBytes(file, 0, most), limits);
    } catch (error) {
      if (!(error instanceof EndOfBytes) || most === file.bytes) throw error;
      if (most < length) throw new PickleFault(`it is longer than any checkpoint needs (${limits.pickleBytes} bytes)`);
    }
  }
}

function parsePickles(bytes: Buffer, limits: Limits) {
  const magic = unpickle(bytes, 0, limits);
  const version = unpickle(bytes, magic.end, limits);
  if (magic.value !== MAGIC_NUMBER || version.value !== VERSION) {
    throw new PickleFault('its magic number or its version is not that of torch.save');
  }
  const machine = unpickle(bytes, version.end, limits);
  const saved = unpickle(bytes, machine.end, limits);
  const keys = unpickle(bytes, saved.end, limits);
  return { value: saved.value, storages: saved.storages, keys: keys.value, end: keys.end };
}

/** Walks over the storages. */
async function findStorages(
  file: OpenedFile,
  keys: Value,
  declared: ReadonlyMap<string, Storage>,
  begin: number,
): Promise<Map<string, Piece>> {
  if (!(keys instanceof List)) throw new PickleFault('the list of its storages is missing');
  const found = new Map<string, Piece>();
  let position = begin;
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? declared.get(key) : undefined;
    if (!storage || found.has(storage.key))
      throw new PickleFault('the list of its storages is not that of its tensors');
    const title = `storage ${quote(storage.key)}`;
    if (file.bytes - position < COUNT_BYTES) throw cut(file, title);
    const count = Number((await readBytes(file, position, COUNT_BYTES)).readBigUInt64LE());
    const bytes = count * (ELEMENT_BITS[storage.dtype] / 8);
    if (bytes !== storage.rootBytes) {
      throw faultIn(file.path, `${title} is damaged: it has ${bytes} bytes, but ${storage.rootBytes} in the pickle`);
    }
    position += COUNT_BYTES;
    if (bytes > file.bytes - position) throw cut(file, title);
    found.set(storage.key, { title, position, bytes });
    position += bytes;
  }
  return found;
}

function cut({ path, bytes }: OpenedFile, title: string) {
  return faultIn(path, `file length: ${bytes} bytes end before ${title} does; it was cut, save or fetch it again`);
}
