/** Writes NumPy's files of one array, for tests. */

/** Kinds of values with the method of a DataView that writes them. */
const WRITERS: Readonly<Record<string, (view: DataView, at: number, value: number, little: boolean) => void>> = {
  b1: (view, at, value) => view.setUint8(at, value),
  u1: (view, at, value) => view.setUint8(at, value),
  u2: (view, at, value, little) => view.setUint16(at, value, little),
  u4: (view, at, value, little) => view.setUint32(at, value, little),
  u8: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
  i1: (view, at, value) => view.setInt8(at, value),
  i2: (view, at, value, little) => view.setInt16(at, value, little),
  i4: (view, at, value, little) => view.setInt32(at, value, little),
  i8: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  f4: (view, at, value, little) => view.setFloat32(at, value, little),
  f8: (view, at, value, little) => view.setFloat64(at, value, little),
};

/** Types that `npyBytes` writes, without their byte order. */
export const TYPES = Object.keys(WRITERS);

/**
 * The file of an array.
 *
 * @param values in C order
 * @param options `descr` such as `<i8` (default `|u1`); Fortran order; version of the format (default 1)
 */
export function npyBytes(
  shape: readonly number[],
  values: ArrayLike<number>,
  options: { readonly descr?: string; readonly fortran?: boolean; readonly version?: number } = {},
): Buffer {
  const { descr = '|u1', fortran = false, version = 1 } = options;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${tuple}, }`;
  const begin = version === 1 ? 10 : 12;
  const text = `${dictionary.padEnd(128 - begin - 1)}\n`;
  const head = Buffer.alloc(begin);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  const itemBytes = Number(descr.slice(-1));
  const data = Buffer.alloc(values.length * itemBytes);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < values.length; i++) {
    const place = fortran ? fortranPlace(i, shape) : i;
    WRITERS[descr.slice(-2)]!(view, place * itemBytes, values[i]!, !descr.startsWith('>'));
  }
  return Buffer.concat([head, Buffer.from(text, 'latin1'), data]);
}

/** Place of the value that is `index`-th in C order, if the first dimension runs fastest. */
function fortranPlace(index: number, shape: readonly number[]): number {
  let [left, place] = [index, 0];
  const before = (axis: number) => shape.slice(0, axis).reduce((product, size) => product * size, 1);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place += (left % shape[axis]!) * before(axis);
    left = Math.floor(left / shape[axis]!);
  }
  return place;
}
