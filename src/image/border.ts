/** The pixels along the edges of a picture: mostly paper. */

import type { ImageSize } from './size.ts';

/** The border's share of the shorter side. */
const BORDER_FRACTION = 1 / 16;

/** Calls `visit` for each of them, at least one row or column deep along each edge. */
export function visitBorder({ height, width }: ImageSize, visit: (row: number, column: number) => void): void {
  const depth = Math.max(1, Math.round(Math.min(height, width) * BORDER_FRACTION));
  for (let row = 0; row < height; row++) {
    const whole = row < depth || row >= height - depth;
    for (let column = 0; column < width; column++) {
      if (!whole && column === depth && width - depth > depth) column = width - depth;
      visit(row, column);
    }
  }
}
