/** Turns the values of a NumPy array into numbers: every byte order, every order of dimensions. */
import type { NpyArray } from './npy.ts';
import { READERS } from './npy-types.ts';

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
