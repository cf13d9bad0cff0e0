/** What convolution and pooling copy, so that their gradients read the copy: it stays in memory until the backward pass. */
import { meetings } from './products.ts';
import { fastConvolution } from './toom-cook.ts';
import { liveTaps, type Window, windowOutputs } from './window-geometry.ts';
import { convolutionPadding, isWrittenOut, type Padding, poolPadding } from './window-padding.ts';
import { convolutionForm } from './windows.ts';

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
  switch (convolutionForm(height, width, window)) {
    case 'productOfPixels': {
      const met = windowOutputs(height, window) * windowOutputs(width, window);
      return { ofImage: window.stride > 1 ? channels * met : 0, ofFilter: 0 };
    }
    case 'productPerOutput': {
      // an only output takes map and taps as they are; for more, the pixels and taps of each are cut out
      const met = meetingPixels(height, window) * meetingPixels(width, window);
      const several = windowOutputs(height, window) * windowOutputs(width, window) > 1;
      return { ofImage: several ? met * channels : 0, ofFilter: several ? met * channels * out : 0 };
    }
    case 'smallMap': {
      const products = fastConvolution(height).pixels.length * fastConvolution(width).pixels.length;
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

/** How often a window meets a pixel along a side. */
function meetingPixels(side: number, window: Window): number {
  return meetings(side, liveTaps(side, window), window.stride).reduce((sum, { count }) => sum + count, 0);
}

function paddedSize([channels = 0, height = 0, width = 0]: readonly number[], padding: Padding): number {
  if (!isWrittenOut(padding)) return 0;
  const [top, bottom] = padding.rows;
  const [left, right] = padding.columns;
  return channels * (top + height + bottom) * (left + width + right);
}
