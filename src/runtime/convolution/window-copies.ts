/**
 * Sizes of the copies that convolution and pooling make of their inputs. The gradients read these copies, so they stay
 * in memory until the backward pass.
 */

import { convolutionForm } from './convolution.ts';
import { overlaps } from './products.ts';
import { smallMapProducts } from './small-map.ts';
import { type LiveTaps, liveTaps, type Window, windowOutputs } from './window-geometry.ts';
import { convolutionPadding, isExplicit, type Padding, poolPadding } from './window-padding.ts';

/** What the products of one convolution read: copies, the map and the filter themselves, or some of each. */
interface Copies {
  /** Number of values in the copies of one image's map. */
  readonly ofImage: number;
  /** Number of values in the copies of the filter. */
  readonly ofFilter: number;
  /** Whether the map itself is read. */
  readonly readsImage: boolean;
  /** Whether the filter itself is read. */
  readonly readsFilter: boolean;
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
      const skips = window.stride > 1;
      return { ofImage: skips ? channels * pixels : 0, ofFilter: 0, readsImage: !skips, readsFilter: true };
    }
    case 'productPerOutput': {
      const [rows, columns] = [liveTaps(height, window), liveTaps(width, window)];
      const sliced = (whole: readonly [number, number]) =>
        slicedPositions(height, width, rows, columns, window.stride, whole);
      const [pixels, taps] = [sliced([height, width]), sliced([rows.count, columns.count])];
      return {
        ofImage: pixels.positions * channels,
        ofFilter: taps.positions * channels * out,
        readsImage: pixels.takesWhole,
        readsFilter: taps.takesWhole,
      };
    }
    case 'smallMap': {
      const products = smallMapProducts(height, width);
      const [ofImage, ofFilter] = [products * channels, products * channels * out];
      return { ofImage, ofFilter, readsImage: false, readsFilter: false };
    }
    case 'conv2d': {
      const ofImage = paddedSize(map, convolutionPadding(height, width, window));
      return { ofImage, ofFilter: 0, readsImage: ofImage === 0, readsFilter: true };
    }
  }
}

/**
 * Number of values in the copies that `fixedConvolution` makes of its kernel in each step.
 *
 * @param map shape of one image's map [in, height, width]
 * @param out number of output channels
 */
export function fixedKernelCopies(map: readonly number[], out: number, window: Window): number {
  const [channels = 0, height = 0, width = 0] = map;
  const isSmallMap = convolutionForm([height, width, channels, out], window) === 'smallMap';
  return isSmallMap ? 0 : convolutionCopies(map, out, window).ofFilter; // of a small map, the kernel itself is the copy
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
 * The slices that `productPerOutput` takes of a map or of a filter, over all outputs: the number of their positions, and
 * whether some output takes no slice, because its window meets the whole map or filter.
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
): { positions: number; takesWhole: boolean } {
  const windows = overlaps(height, rows, stride).flatMap((row) =>
    overlaps(width, columns, stride).map((column) => [row.count, column.count] as const),
  );
  const slices = windows.filter(([row, column]) => row < whole[0] || column < whole[1]);
  const positions = slices.reduce((sum, [row, column]) => sum + row * column, 0);
  return { positions, takesWhole: slices.length < windows.length };
}

/** Number of values in the explicitly padded map [channels, height, width]; 0 if it needs no explicit padding. */
function paddedSize([channels = 0, height = 0, width = 0]: readonly number[], padding: Padding): number {
  if (!isExplicit(padding)) return 0;
  const [top, bottom] = padding.rows;
  const [left, right] = padding.columns;
  return channels * (top + height + bottom) * (left + width + right);
}
