/** The types of values that NumPy arrays have: which are read, and how; which are refused, and what to do then. */
import { dataFault } from '../files.ts';

type Read = (view: DataView, at: number, little: boolean) => number;

/** How values are read, by kind and bytes, from a place of a view. Numbers of 64 bits are rounded beyond 2⁵³, far above any label. */
export const READERS: Readonly<Record<string, Read>> = {
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
