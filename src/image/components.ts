/** Connected components of a mask. */
import type { ImageSize } from './size.ts';

/** A box in pixels: rows from `top` up to but excluding `bottom`, columns from `left` up to but excluding `right`. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Pixels of a mask that touch each other, at least at a corner. */
export interface Component extends Box {
  /** Indices of the pixels. */
  readonly pixels: Int32Array;
}

/** The connected components of the pixels whose value is larger than `least`, in the order of their first pixels. */
export function componentsAbove(values: Float32Array, size: ImageSize, least: number): Component[] {
  const visited = new Uint8Array(values.length);
  const accepts = (pixel: number) => values[pixel]! > least;
  const components: Component[] = [];
  for (let first = 0; first < values.length; first++) {
    if (visited[first] === 0 && accepts(first)) components.push(componentFrom([first], size, visited, accepts));
  }
  return components;
}

/**
 * All pixels that can be reached from some pixels over accepted ones.
 *
 * @param visited pixels that are not entered; those that are reached are marked
 */
export function componentFrom(
  from: ArrayLike<number>,
  { height, width }: ImageSize,
  visited: Uint8Array,
  accepts: (pixel: number) => boolean,
): Component {
  const reached = Array.from(from);
  for (const pixel of reached) visited[pixel] = 1;
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let at = 0; at < reached.length; at++) {
    const pixel = reached[at]!;
    const row = Math.floor(pixel / width);
    const column = pixel - row * width;
    if (row < top) top = row;
    if (row >= bottom) bottom = row + 1;
    if (column < left) left = column;
    if (column >= right) right = column + 1;
    const [lastRow, lastColumn] = [Math.min(height - 1, row + 1), Math.min(width - 1, column + 1)];
    for (let y = Math.max(0, row - 1); y <= lastRow; y++) {
      for (let x = Math.max(0, column - 1); x <= lastColumn; x++) {
        const next = y * width + x;
        if (visited[next] !== 0 || !accepts(next)) continue;
        visited[next] = 1;
        reached.push(next);
      }
    }
  }
  return { top, left, bottom, right, pixels: Int32Array.from(reached) };
}

/** Height of a box in pixels. */
export function heightOf({ top, bottom }: Box): number {
  return bottom - top;
}

/** Width of a box in pixels. */
export function widthOf({ left, right }: Box): number {
  return right - left;
}

/** The smallest box around boxes. */
export function boxAround(boxes: readonly Box[]): Box {
  return {
    top: Math.min(...boxes.map(({ top }) => top)),
    left: Math.min(...boxes.map(({ left }) => left)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    right: Math.max(...boxes.map(({ right }) => right)),
  };
}

/** Whether a box lies in another. */
export function contains(outer: Box, inner: Box): boolean {
  return outer.top <= inner.top && outer.left <= inner.left && outer.bottom >= inner.bottom && outer.right >= inner.right;
}
