/**
 * How a map is padded before windows slide over it: SAME where that means the same, else written out before a VALID
 * window. The input gradient of a convolution with EXPLICIT padding is ~18 times slower on the CPU (1,097 against 60 ms a
 * step, measured).
 */
import { type LiveTaps, liveTaps, type Window, windowOutputs } from './window-geometry.ts';

export interface Padding {
  /** Whether TensorFlow's SAME pads just so; if not, the window is VALID. */
  readonly same: boolean;
  /** What is to be written out, before and behind. */
  readonly rows: readonly [before: number, after: number];
  readonly columns: readonly [before: number, after: number];
}

/** The padding of a convolution on a map of this height and width, for its live taps only. */
export function convolutionPadding(height: number, width: number, window: Window): Padding {
  return paddingOf(height, width, liveTaps(height, window), liveTaps(width, window), window.stride);
}

/** The padding of a pool: its window has no weights that could be cut, so that all taps count as live. */
export function poolPadding(height: number, width: number, window: Window): Padding {
  return paddingOf(height, width, allTaps(height, window), allTaps(width, window), window.stride);
}

/** Whether anything has to be written out, which makes a copy of the map. */
export function isWrittenOut({ rows, columns }: Padding): boolean {
  return [...rows, ...columns].some((border) => border > 0);
}

function allTaps(side: number, window: Window): LiveTaps {
  const { kernel, stride, padding } = window;
  const outputs = windowOutputs(side, window);
  const after = Math.max(0, (outputs - 1) * stride + kernel - padding - side);
  return { first: 0, count: kernel, outputs, before: padding, after };
}

function paddingOf(height: number, width: number, rows: LiveTaps, columns: LiveTaps, stride: number): Padding {
  if (isSame(height, rows, stride) && isSame(width, columns, stride))
    return { same: true, rows: [0, 0], columns: [0, 0] };
  return { same: false, rows: [rows.before, rows.after], columns: [columns.before, columns.after] };
}

/**
 * Whether TensorFlow's SAME pads this side just so. It puts the odd row of an even side behind, PyTorch in front, so they
 * differ for stride 2 on even sides.
 */
function isSame(side: number, { count, outputs, before, after }: LiveTaps, stride: number): boolean {
  const total = Math.max(0, (Math.ceil(side / stride) - 1) * stride + count - side);
  return outputs === Math.ceil(side / stride) && total === before + after && Math.floor(total / 2) === before;
}
