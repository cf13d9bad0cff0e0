/** What convolution and pooling copy, so that their gradients read the copy: it stays in memory until the backward pass. */

import { convolutionForm } from './convolution.ts';
import { meetings } from './products.ts';
import { smallMapProducts } from './small-map.ts';
import { type LiveTaps, liveTaps, type Window, windowOutputs } from './window-geometry.ts';
import { convolutionPadding, isWrittenOut, type Padding, poolPadding } from './window-padding.ts';

export interface Copies {
  /** Values in the copy of one image's map; 0 where the map itself is read. */
  readonly ofImage: number;
  /** Values in the copy of the filter; 0 where the filter itself is read. */
  readonly ofFilter: number;
}

/**
 * The copies that `convolution` makes.
 *
 * @param map [in, height, width] of one image
 * @param out channels of the output
 */
export function convolutionCopies(map: readonly number[], out: number, window: Window): Copies {
  const [channels = 0, height = 0, width = 0] = map;
  switch (convolutionForm([height, width, channels, out], window)) {
    case 'productOfPixels': {
      const met = windowOutputs(height, window) * windowOutputs(width, window);
      return { ofImage: window.stride > 1 ? channels * met : 0, ofFilter: 0 };
    }
    case 'productPerOutput': {
      const [rows, columns] = [liveTaps(height, window), liveTaps(width, window)];
      const pixels = cutOut(height, width, rows, columns, window.stride, [height, width]);
      const taps = cutOut(height, width, rows, columns, window.stride, [rows.count, columns.count]);
      return { ofImage: pixels * channels, ofFilter: taps * channels * out };
    }
    case 'smallMap': {
      const products = smallMapProducts(height, width);
      return { ofImage: products * channels, ofFilter: products * channels * out };
    }
    case 'windows':
      return { ofImage: paddedSize(map, convolutionPadding(height, width, window)), ofFilter: 0 };
  }
}

/** Values in the copy that `maxPool` makes of one image's map [channels, height, width]; 0 where it reads the map itself. */
export function maxPoolCopy(map: readonly number[], window: Window): number {
  const [, height = 0, width = 0] = map;
  return paddedSize(map, poolPadding(height, width, window));
}

/** What all outputs meet of a whole, an output that meets all of it taking it as it is. */
function cutOut(
  height: number,
  width: number,
  rows: LiveTaps,
  columns: LiveTaps,
  stride: number,
  [wholeRows, wholeColumns]: readonly [number, number],
): number {
  return meetings(height, rows, stride)
    .flatMap((row) => meetings(width, columns, stride).map((column) => [row.count, column.count] as const))
    .filter(([row, column]) => row < wholeRows || column < wholeColumns)
    .reduce((sum, [row, column]) => sum + row * column, 0);
}

function paddedSize([channels = 0, height = 0, width = 0]: readonly number[], padding: Padding): number {
  if (!isWrittenOut(padding)) return 0;
  const [top, bottom] = padding.rows;
  const [left, right] = padding.columns;
  return channels * (top + height + bottom) * (left + width + right);
}
