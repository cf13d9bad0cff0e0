/** How a tensor's values lie in a storage, and how they get from there into row-major order. */
import { bytesOf, ELEMENT_BITS } from '../element-types.ts';
import { PickleFault, type StoredTensor } from './values.ts';

/** A dimension of more than one value. All numbers but the size are bytes. */
interface Dimension {
  readonly size: number;
  /** From one value to the next in the storage. */
  readonly stride: number;
  /** From one value to the next in row-major order. */
  readonly step: number;
  /** Length in the storage of what one index holds. */
  readonly reach: number;
}

export interface Layout {
  /** Place of the first value in the whole storage, in bytes. */
  readonly begin: number;
  /** Dimensions from the longest stride to the shortest. */
  readonly dimensions: readonly Dimension[];
  /** Bytes that lie in the storage as in row-major order, inside the last dimension. */
  readonly run: number;
  /** Bytes of all values. */
  readonly bytes: number;
}

/**
 * The layout of a tensor. Strides of dimensions of one value mean nothing and are not looked at.
 *
 * @param storageBytes bytes of its whole storage in the file
 * @returns undefined if values repeat or interleave, as those of an expanded tensor do
 * @throws PickleFault if a number is none that a tensor has, or values would lie beyond the storage
 */
export function layoutOf({ fields }: StoredTensor, storageBytes: number): Layout | undefined {
  const { storage, dtype, offset, shape, strides } = fields;
  if (shape.length !== strides.length) {
    throw new PickleFault(`has ${shape.length} dimensions and ${strides.length} strides`);
  }
  const width = ELEMENT_BITS[dtype] / 8;
  const begin = storage.begin + position(offset, 'offset') * width;
  if (shape.map((size) => position(size, 'size')).includes(0)) return { begin, dimensions: [], run: 0, bytes: 0 };
  const dimensions: Omit<Dimension, 'reach'>[] = [];
  let step = width;
  for (const [index, size] of [...shape.entries()].reverse()) {
    if (size > 1) dimensions.push({ size, stride: position(strides[index]!, 'stride') * width, step });
    step *= size;
  }
  dimensions.sort((a, b) => a.stride - b.stride);
  const end = dimensions.reduce((sum, { size, stride }) => sum + (size - 1) * stride, begin + width);
  // Above 2^53 sums are rounded, but stay far above the bytes of any file.
  const most = Math.min(storage.begin + storage.bytes, storageBytes);
  if (end > most) {
    throw new PickleFault(`has values up to byte ${end} of its storage, which ends at byte ${most}`);
  }
  const nested: Dimension[] = [];
  let [run, reach] = [width, width];
  for (const { size, stride, step } of dimensions) {
    if (stride < reach) return undefined;
    if (nested.length === 0 && stride === run && step === run) run *= size;
    else nested.unshift({ size, stride, step, reach });
    reach += (size - 1) * stride;
  }
  return { begin, dimensions: nested, run, bytes: bytesOf(dtype, shape) };
}

/** A whole number from 0 on that is counted exactly. */
function position(value: number, what: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new PickleFault(`has ${what} ${value}, expected a whole number from 0 on`);
}

/** Runs shorter than this are copied byte by byte, which is faster than a call of `Buffer.copy`. */
const SHORT_RUN_BYTES = 64;

/**
 * Copies the values that lie in a piece of the storage to their places.
 *
 * @param begin place of the piece in the storage, in bytes
 * @param target the tensor's values in row-major order
 */
export function gather(layout: Layout, piece: Buffer, begin: number, target: Buffer): void {
  const { dimensions, run } = layout;
  const end = begin + piece.length;
  const copy = (dimension: number, from: number, to: number) => {
    if (dimension === dimensions.length) {
      const [first, last] = [Math.max(from, begin), Math.min(from + run, end)];
      if (first >= last) return;
      if (run > SHORT_RUN_BYTES) piece.copy(target, to + first - from, first - begin, last - begin);
      else for (let at = first; at < last; at++) target[to + at - from] = piece[at - begin]!;
      return;
    }
    const { size, stride, step, reach } = dimensions[dimension]!;
    const last = Math.min(size - 1, Math.floor((end - 1 - from) / stride));
    for (let index = Math.max(0, Math.floor((begin - from - reach) / stride) + 1); index <= last; index++) {
      copy(dimension + 1, from + index * stride, to + index * step);
    }
  };
  if (layout.bytes > 0 && layout.begin < end) copy(0, layout.begin, 0);
}
