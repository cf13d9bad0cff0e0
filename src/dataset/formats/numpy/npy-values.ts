/** Turns the values of a NumPy array into numbers: every byte order, every order of dimensions. */
import { dataFault } from '../files.ts';
import type { NpyArray } from './npy.ts';

type Read = (view: DataView, at: number, little: boolean) => number;

/** How values are read, by kind and bytes. Numbers of 64 bits are rounded beyond 2⁵³, far above any label. */
const READERS: Readonly<Record<string, Read>> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => halfFloat(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** A number of 16 bits (IEEE 754 binary16). Node 20 has no `getFloat16`. */
function halfFloat(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** What is said of types that are not read, by the letter of their kind. */
const REFUSED: Readonly<Record<string, string>> = {
  O: "Python objects (a pickle, which is never executed); store numbers: array.astype('int64')",
  U: 'texts; store numbers: np.unique(array, return_inverse=True)',
  S: 'texts; store numbers: np.unique(array, return_inverse=True)',
  c: 'complex numbers; store real ones',
};

/**
 * Bytes of one value of a type.
 *
 * @param descr the type, such as `<i8`
 * @param name the array's name, for messages
 * @throws UserError (data) if the type is no integer, boolean or floating-point number of NumPy
 */
export function itemBytes(descr: string, name: string): number {
  if (/^[<>=|]?[a-z]\d$/.test(descr) && Object.hasOwn(READERS, descr.slice(-2))) return Number(descr.slice(-1));
  const kind = descr.replace(/^[<>=|]/, '')[0] ?? '';
  const what = Object.hasOwn(REFUSED, kind) ? REFUSED[kind] : 'which are not read; store integers';
  throw dataFault(name, `holds values of type ${descr}: ${what}`);
}

/** Whether the values are bytes from 0 to 255. */
export function isBytes({ descr }: { readonly descr: string }): boolean {
  return descr.endsWith('u1');
}

/**
 * Numbers of an array, the last dimension running fastest.
 *
 * @returns [product of the shape]
 */
export function npyNumbers({ descr, fortranOrder, shape, stored }: NpyArray): Float64Array {
  const read = READERS[descr.slice(-2)]!;
  const little = !descr.startsWith('>');
  const bytes = Number(descr.slice(-1));
  const view = new DataView(stored.buffer, stored.byteOffset, stored.length);
  const numbers = Float64Array.from({ length: stored.length / bytes }, (_, i) => read(view, i * bytes, little));
  if (!fortranOrder || shape.length < 2) return numbers;
  const ordered = new Float64Array(numbers.length);
  toCOrder(numbers, ordered, shape);
  return ordered;
}

/**
 * Bytes of an array of bytes, the last dimension running fastest.
 *
 * @returns [product of the shape]; a view on the file's bytes unless those are in Fortran order
 */
export function npyBytes({ fortranOrder, shape, stored }: NpyArray): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.length);
  if (!fortranOrder || shape.length < 2) return bytes;
  const ordered = new Uint8Array(bytes.length);
  toCOrder(bytes, ordered, shape);
  return ordered;
}

/** Puts values whose first dimension runs fastest in an order in which the last does. */
function toCOrder(from: Numbers, to: Numbers, shape: readonly number[]): void {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  permute(from, to, shape, strides);
}

/** Values of an array. */
type Numbers = Uint8Array | Float64Array;

/**
 * Copies an array in another order of its dimensions.
 *
 * @param to the copy, its last dimension running fastest
 * @param shape of the copy; at least one dimension
 * @param strides how far apart in `from` the neighbours along each dimension of the copy are
 */
export function permute(from: Numbers, to: Numbers, shape: readonly number[], strides: readonly number[]): void {
  const last = shape.length - 1;
  const [length, stride] = [shape[last]!, strides[last]!];
  const place = shape.map(() => 0);
  for (let at = 0, begin = 0; at < to.length; ) {
    for (let i = 0; i < length; i++) to[at++] = from[begin + i * stride]!;
    // Counts on to the next run along the last dimension, as an odometer does.
    for (let axis = last - 1; axis >= 0; axis--) {
      begin += strides[axis]!;
      place[axis]! += 1;
      if (place[axis]! < shape[axis]!) break;
      begin -= place[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
}
