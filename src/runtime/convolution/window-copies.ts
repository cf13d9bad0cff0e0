/**
 * Sizes of the copies that convolution and pooling make of their inputs. The gradients read these copies, so they stay
 * in memory until the backward pass.
 */

import { convolutionForm } from './convolution.ts';
import { overlaps } from './products.ts';
import { smallMapProducts } from './small-map.ts';
import { type LiveTaps, liveTaps, type Window, windowOutputs } from './window-geometry.ts';
import { convolutionPadding, isExplicit, type Padding, poolPadding } from './window-padding.ts';

/** Sizes of the copies that one convolution makes. */
interface Copies {
  /** Number of values in the copy of one image's map; 0 if the map itself is read. */
  readonly ofImage: number;
  /** Number of values in the copy of the filter; 0 if the filter itself is read. */
  readonly ofFilter: number;
}

/**
 * Sizes of the copies that `convolution` makes.
 *
 * @param map shape of one image's map [in, height, width]
 * @param out number of output channels
 */
export function convolutionCopies(map: readonly number[], out: number, window: Window): Copies {
  const [channels = 0, height = 0, width = 0] = map;
  switch (convolutionForm([height, width, channels, out], window)) {
    case 'productOfPixels': {
      const pixels = windowOutputs(height, window) * windowOutputs(width, window);
      return { ofImage: window.stride > 1 ? channels * pixels : 0, ofFilter: 0 };
    }
    case 'productPerOutput': {
      const [rows, columns] = [liveTaps(height, window), liveTaps(width, window)];
      const pixels = slicedPositions(height, width, rows, columns, window.stride, [height, width]);
      const taps = slicedPositions(height, width, rows, columns, window.stride, [rows.count, columns.count]);
      return { ofImage: pixels * channels, ofFilter: taps * channels * out };
    }
    case 'smallMap': {
      const products = smallMapProducts(height, width);
      return { ofImage: products * channels, ofFilter: products * channels * out };
    }
    case 'conv2d':
      return { ofImage: paddedSize(map, convolutionPadding(height, width, window)), ofFilter: 0 };
  }
}

/**
 * Number of values in the copy that `maxPool` makes of one image's map; 0 if it reads the map itself.
 *
 * @param map shape of the map [channels, height, width]
 */
export function maxPoolCopy(map: readonly number[], window: Window): number {
  const [, height = 0, width = 0] = map;
  return paddedSize(map, poolPadding(height, width, window));
}

/**
 * Number of positions in the slices that `productPerOutput` takes of a map or of a filter, over all outputs. An output
 * whose window meets the whole map or filter takes no slice.
 *
 * @param whole rows and columns of the map or of the filter
 */
function slicedPositions(
  height: number,
  width: number,
  rows: LiveTaps,
  columns: LiveTaps,
  stride: number,
  whole: readonly [rows: number, columns: number],
): number {
  return overlaps(height, rows, stride)
    .flatMap((row) => overlaps(width, columns, stride).map((column) => [row.count, column.count] as const))
    .filter(([row, column]) => row < whole[0] || column < whole[1])
    .reduce((sum, [row, column]) => sum + row * column, 0);
}

/** Number of values in the explicitly padded map [channels, height, width]; 0 if it needs no explicit padding. */
function paddedSize([channels = 0, height = 0, width = 0]: readonly number[], padding: Padding): number {
  if (!isExplicit(padding)) return 0;
  const [top, bottom] = padding.rows;
  const [left, right] = padding.columns;
  return channels * (top + height + bottom) * (left + width + right);
}
