/** Connected components of a mask. */
import type { Box } from '../box.ts';
import type { ImageSize } from '../size.ts';

/** Pixels of a mask that touch each other, at least at a corner. */
export interface Component extends Box {
  /** Indices of the pixels. */
  readonly pixels: Int32Array;
}

/** The connected components of the pixels whose value is larger than `least`, in the order of their first pixels. */
export function componentsAbove(values: Float32Array, size: ImageSize, least: number): Component[] {
  const open = new Uint8Array(values.length);
  for (let pixel = 0; pixel < values.length; pixel++) if (values[pixel]! > least) open[pixel] = 1;
  const reached = new Int32Array(open.length);
  const components: Component[] = [];
  for (let first = 0; first < open.length; first++) {
    if (open[first] === 1) components.push(componentFrom([first], size, open, reached));
  }
  return components;
}

/**
 * All pixels that can be reached from some pixels over open ones.
 *
 * @param open [height, width], 1 for the pixels that may be entered; those that are reached are closed
 * @param reached memory as long, to be used again from component to component
 */
export function componentFrom(
  from: ArrayLike<number>,
  { height, width }: ImageSize,
  open: Uint8Array,
  reached = new Int32Array(open.length),
): Component {
  let count = 0;
  for (let index = 0; index < from.length; index++) {
    reached[count++] = from[index]!;
    open[from[index]!] = 0;
  }
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let at = 0; at < count; at++) {
    const pixel = reached[at]!;
    const row = (pixel / width) | 0;
    const column = pixel - row * width;
    if (row < top) top = row;
    if (row >= bottom) bottom = row + 1;
    if (column < left) left = column;
    if (column >= right) right = column + 1;
    const firstRow = row > 0 ? pixel - width : pixel;
    const lastRow = row < height - 1 ? pixel + width : pixel;
    const before = column > 0 ? 1 : 0;
    const after = column < width - 1 ? 1 : 0;
    for (let middle = firstRow; middle <= lastRow; middle += width) {
      for (let next = middle - before; next <= middle + after; next++) {
        if (open[next] === 0) continue;
        open[next] = 0;
        reached[count++] = next;
      }
    }
  }
  return { top, left, bottom, right, pixels: reached.slice(0, count) };
}
