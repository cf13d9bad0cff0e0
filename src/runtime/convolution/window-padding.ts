/**
 * Chooses how TensorFlow pads a map: by its padding SAME if that equals PyTorch's padding, otherwise by a pad op before
 * a VALID window. The convolution's own EXPLICIT padding is not used: its input gradient is 18 times slower on the CPU
 * (1,097 against 60 ms a step, measured).
 */
import { type LiveTaps, liveTaps, type Window, windowOutputs } from './window-geometry.ts';

/** How TensorFlow pads one map. */
export interface Padding {
  /** Whether TensorFlow's padding SAME is used; if not, VALID. */
  readonly same: boolean;
  /** Rows that a pad op adds before and after the map. */
  readonly rows: readonly [before: number, after: number];
  /** Columns that a pad op adds before and after the map. */
  readonly columns: readonly [before: number, after: number];
}

/** The padding of a convolution with its live taps (see `window-geometry.ts`) on a map of this height and width. */
export function convolutionPadding(height: number, width: number, window: Window): Padding {
  return paddingOf(height, width, liveTaps(height, window), liveTaps(width, window), window.stride);
}

/** The padding of a pool on a map of this height and width. A pool has no weights to drop, so all its taps are used. */
export function poolPadding(height: number, width: number, window: Window): Padding {
  return paddingOf(height, width, allTaps(height, window), allTaps(width, window), window.stride);
}

/** Whether a pad op is needed, which copies the map. */
export function isExplicit({ rows, columns }: Padding): boolean {
  return [...rows, ...columns].some((border) => border > 0);
}

/** All taps of a window along one side, counted as live. */
function allTaps(side: number, window: Window): LiveTaps {
  const { kernel, stride, padding } = window;
  const outputs = windowOutputs(side, window);
  const after = Math.max(0, (outputs - 1) * stride + kernel - padding - side);
  return { first: 0, count: kernel, outputs, before: padding, after };
}

/** The padding for windows with these taps. */
function paddingOf(height: number, width: number, rows: LiveTaps, columns: LiveTaps, stride: number): Padding {
  if (isSame(height, rows, stride) && isSame(width, columns, stride))
    return { same: true, rows: [0, 0], columns: [0, 0] };
  return { same: false, rows: [rows.before, rows.after], columns: [columns.before, columns.after] };
}

/**
 * Whether TensorFlow's SAME equals PyTorch's padding on this side. If the padding is odd, TensorFlow adds the larger
 * half after the map, PyTorch before it; so the two differ for stride 2 on even sides.
 */
function isSame(side: number, { count, outputs, before, after }: LiveTaps, stride: number): boolean {
  const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + count - side);
  return outputs === Math.ceil(side / stride) && total === before + after && Math.floor(total / 2) === before;
}
