/** The border of a picture: the pixels along its edges, most of which show paper. */

import type { ImageSize } from './size.ts';

/** Depth of the border as a fraction of the picture's shorter side. */
const DEPTH_FRACTION = 1 / 16;

/** Calls `visit` once for each pixel of the border, which is at least one pixel deep along each edge. */
export function visitBorder({ height, width }: ImageSize, visit: (row: number, column: number) => void): void {
  const depth = Math.max(1, Math.round(Math.min(height, width) * DEPTH_FRACTION));
  for (let row = 0; row < height; row++) {
    const isWholeRow = row < depth || row >= height - depth;
    for (let column = 0; column < width; column++) {
      if (!isWholeRow && column === depth && width - depth > depth) column = width - depth; // skip the interior
      visit(row, column);
    }
  }
}
