/** Boxes around parts of a picture. */

/** A box in pixels: rows from `top` up to but excluding `bottom`, columns from `left` up to but excluding `right`. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
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
  return (
    outer.top <= inner.top && outer.left <= inner.left && outer.bottom >= inner.bottom && outer.right >= inner.right
  );
}
