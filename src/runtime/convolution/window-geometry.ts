/**
 * Geometry of sliding windows along one side of a map.
 *
 * A tap is a position in a kernel along one side: a kernel of size 3 has the taps 0, 1 and 2. As the window slides,
 * each tap meets pixels or padding. A tap that meets a pixel in at least one window is live; a tap that only ever meets
 * padding is dead, and the gradient of its weights is exactly zero. On small maps many taps are dead: a 3×3 kernel with
 * padding 1 on a map of one pixel uses only its centre. At 28×28 pixels 62 % of ResNet-18's parameters belong to dead
 * taps.
 */

/** A window as PyTorch describes it, the same along rows and columns; all sizes in pixels. */
export interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** The live taps of a window along one side. */
export interface LiveTaps {
  /** Index of the first live tap in the kernel. */
  readonly first: number;
  /** How many taps are live. */
  readonly count: number;
  /** Number of outputs along the side; see `windowOutputs`. */
  readonly outputs: number;
  /** How many pixels of padding the live taps meet before the side's first pixel. */
  readonly before: number;
  /** How many pixels of padding the live taps meet after the side's last pixel. */
  readonly after: number;
}

/** The live taps of a kernel along rows and columns. */
export interface LiveWindow {
  readonly rows: LiveTaps;
  readonly columns: LiveTaps;
}

/** Number of windows that fit on a padded side, as in PyTorch: ⌊(side + 2·padding − kernel) / stride⌋ + 1. */
export function windowOutputs(side: number, { kernel, stride, padding }: Window): number {
  return Math.floor((side + 2 * padding - kernel) / stride) + 1;
}

/** The live taps of a window on a side of `side` pixels. */
export function liveTaps(side: number, window: Window): LiveTaps {
  const { kernel, stride, padding } = window;
  const outputs = windowOutputs(side, window);
  const taps = Array.from({ length: kernel }, (_, tap) => tap).filter((tap) => {
    const output = Math.max(0, Math.ceil((padding - tap) / stride)); // the first window whose tap is past the padding
    return output < outputs && output * stride + tap - padding < side;
  });
  const first = taps[0] ?? 0;
  const count = taps.length;
  const before = padding - first;
  return { first, count, outputs, before, after: Math.max(0, (outputs - 1) * stride + count - before - side) };
}
