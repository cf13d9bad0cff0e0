/**
 * Parses NumPy's files of one array (numpy.lib.format, versions 1 to 3): a magic number, a header that is a Python
 * dictionary, then the values. Nothing of it is executed. The code is our own because npyjs 1.2.0 gives the values of
 * big-endian and Fortran-order files wrong, or in another order, without a word.
 */
import { dataFault } from '../files.ts';
import { LIMITS, type Limits } from '../limits.ts';
import { npyDictionary } from './npy-dictionary.ts';
import { itemBytes } from './npy-types.ts';

/** The first six bytes: `\x93NUMPY`. */
const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

/** Longest header that is read; NumPy itself refuses more than 10,000 bytes. */
const MOST_HEADER_BYTES = 2 ** 16;

/** As much of the beginning of a file as surely holds the header. */
export const NPY_BEGINNING_BYTES = MOST_HEADER_BYTES + 12;

/** What the header of an array says. */
export interface NpyHeader {
  /** Type of the values, such as `<i8` or `|u1`: byte order, kind, bytes. */
  readonly descr: string;
  /** Whether the first dimension runs fastest in the file. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly begin: number;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
}

/**
 * Reads the header of an array.
 *
 * @param bytes the file, or `NPY_BEGINNING_BYTES` of it
 * @param name the array's name, for messages
 * @param limits `arrayBytes` is the most that the file may hold
 * @throws UserError (data) if it is no NumPy file, its values are no numbers, it has none, or it is too large
 */
export function parseNpyHeader(bytes: Buffer, name: string, limits: Limits = LIMITS): NpyHeader {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw dataFault(name, "is no NumPy array: it does not begin with \\x93NUMPY; write it by NumPy's np.save");
  }
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) {
    throw dataFault(name, `is a NumPy array of version ${version}, of which 1 to 3 are read; write it by np.save`);
  }
  const textBegin = version === 1 ? 10 : 12;
  if (bytes.length < textBegin)
    throw dataFault(name, `ends within its header, after ${bytes.length} bytes; fetch it again`);
  const textBytes = version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  if (textBytes > MOST_HEADER_BYTES) {
    throw dataFault(name, `has a header of ${textBytes} bytes, at most ${MOST_HEADER_BYTES} are read; fetch it again`);
  }
  const begin = textBegin + textBytes;
  if (bytes.length < begin)
    throw dataFault(name, `ends within its header, after ${bytes.length} bytes; fetch it again`);
  const text = bytes.toString(version === 3 ? 'utf8' : 'latin1', textBegin, begin);
  const { descr, fortranOrder, shape } = npyDictionary(text, name);
  const empty = shape.indexOf(0);
  if (empty >= 0) throw dataFault(name, `has no values: its shape is ${shapeText(shape)}; store at least one image`);
  // Beyond 2⁵³ the product is rounded, but never to a number as small as the limit.
  const fileBytes = begin + shape.reduce((product, size) => product * size, itemBytes(descr, name));
  if (fileBytes > limits.arrayBytes) {
    const tooMany = `its shape ${shapeText(shape)} of ${descr} needs ${fileBytes} bytes`;
    throw dataFault(name, `${tooMany}, at most ${limits.arrayBytes} are read; store fewer images`);
  }
  return { descr, fortranOrder, shape, begin, fileBytes };
}

/** An array as it is stored. */
export interface NpyArray extends NpyHeader {
  /** The values, in the file's own byte order and order of dimensions: a view on the file's bytes. */
  readonly stored: Buffer<ArrayBuffer>;
}

/**
 * Parses the file of an array.
 *
 * @param bytes the whole file
 * @param name the array's name, for messages
 * @param limits see `parseNpyHeader`
 * @throws UserError (data) as `parseNpyHeader` does, or if the file is shorter or longer than its header says
 */
export function parseNpy(bytes: Buffer<ArrayBuffer>, name: string, limits: Limits = LIMITS): NpyArray {
  const header = parseNpyHeader(bytes, name, limits);
  if (bytes.length !== header.fileBytes) {
    const expected = `${header.fileBytes} for shape ${shapeText(header.shape)} of ${header.descr}`;
    throw dataFault(name, `holds ${bytes.length} bytes, expected ${expected}; fetch it again`);
  }
  return { ...header, stored: bytes.subarray(header.begin) };
}

/** A shape as messages show it: `60000×28×28`; `()` for a single number. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? '()' : shape.join('×');
}
