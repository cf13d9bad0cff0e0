/** Where the taps of a sliding window meet pixels: pure geometry of one side, no tensors. */

/** A window as PyTorch describes it, the same in both directions. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** One side of a window, cut down to the taps that ever meet a pixel. */
export interface LiveTaps {
  /** Index of the first live tap, and how many there are. Only these are ever multiplied with anything but padding. */
  readonly first: number;
  readonly count: number;
  /** See `windowOutputs`. */
  readonly outputs: number;
  /** Rows of padding that the live taps reach before and after the pixels. */
  readonly before: number;
  readonly after: number;
}

/** The live taps of a kernel in both directions. */
export interface LiveWindow {
  readonly rows: LiveTaps;
  readonly columns: LiveTaps;
}

/** How many windows fit on a padded side, as PyTorch counts them: ⌊(side + 2·padding − kernel) / stride⌋ + 1. */
export function windowOutputs(side: number, { kernel, stride, padding }: Window): number {
  return Math.floor((side + 2 * padding - kernel) / stride) + 1;
}

/**
 * The live taps of a window on a side of `side` pixels. On small maps most are dead: a 3×3 kernel on one pixel only ever
 * uses its centre, and at 28×28 that is so for 62 % of ResNet-18's parameters, whose gradient is exactly zero.
 */
export function liveTaps(side: number, window: Window): LiveTaps {
  const { kernel, stride, padding } = window;
  const outputs = windowOutputs(side, window);
  const taps = Array.from({ length: kernel }, (_, tap) => tap).filter((tap) => {
    const output = Math.max(0, Math.ceil((padding - tap) / stride)); // the first whose tap is not in the padding before
    return output < outputs && output * stride + tap - padding < side;
  });
  const first = taps[0] ?? 0;
  const count = taps.length;
  const before = padding - first;
  return { first, count, outputs, before, after: Math.max(0, (outputs - 1) * stride + count - before - side) };
}
