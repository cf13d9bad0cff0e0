/** The learning rate of each step: functions of the step alone, so that a resumed run computes the same. */

export const SCHEDULES = ['constant', 'linear', 'cosine', 'one-cycle', 'step'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

export interface Schedule {
  readonly name: ScheduleName;
  /** The highest learning rate. */
  readonly peak: number;
  /** Epochs, or a part of one, in which the rate rises to its peak; default: none, of one-cycle 0.3 of the run. */
  readonly warmup?: number | undefined;
  /** Steps of an epoch and epochs of the run. */
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** Part of a one-cycle run in which the rate rises, and what its first and last rate are of the peak: PyTorch's defaults. */
const ONE_CYCLE = { rise: 0.3, first: 1 / 25, last: 1 / 25 / 1e4 };

/** What `step` divides the rate by, after a half and after three quarters of the run. */
const STEP_DIVISOR = 10;

/**
 * - `constant`: the peak.
 * - `linear`: falls to 0 at the end of the run.
 * - `cosine`: the same along half a cosine (Loshchilov & Hutter 2017).
 * - `one-cycle`: rises from a 25th of the peak and falls to a 250,000th, along half cosines (Smith & Topin 2018; the
 *   numbers are those of PyTorch's `OneCycleLR`, with the last step at the lowest rate).
 * - `step`: a tenth of the peak after half of the run, a hundredth after three quarters.
 *
 * A warm-up rises in equal steps to the peak, and what follows has the rest of the run; one-cycle's is its rise.
 *
 * @param step counted from 1, over all epochs
 * @returns the learning rate of that step
 */
export function learningRateAt(step: number, { name, peak, warmup, stepsPerEpoch, epochs }: Schedule): number {
  const total = stepsPerEpoch * epochs;
  const warm = Math.min(total, Math.round(warmupOf({ name, warmup, epochs }) * stepsPerEpoch));
  if (name === 'one-cycle') {
    const rising = Math.max(1, warm - 1);
    const done = step - 1;
    if (done <= rising && warm > 0) return between(peak * ONE_CYCLE.first, peak, done / rising);
    return between(peak, peak * ONE_CYCLE.last, (done - rising) / Math.max(1, total - 1 - rising));
  }
  if (step <= warm) return (peak * step) / warm;
  const fraction = (step - 1 - warm) / (total - warm);
  switch (name) {
    case 'constant':
      return peak;
    case 'linear':
      return peak * (1 - fraction);
    case 'cosine':
      return between(peak, 0, fraction);
    case 'step':
      return peak / STEP_DIVISOR ** (fraction < 0.5 ? 0 : fraction < 0.75 ? 1 : 2);
  }
}

/** Epochs in which the rate rises. */
export function warmupOf({ name, warmup, epochs }: Pick<Schedule, 'name' | 'warmup' | 'epochs'>): number {
  return warmup ?? (name === 'one-cycle' ? ONE_CYCLE.rise * epochs : 0);
}

/** From one rate to another along half a cosine. */
function between(from: number, to: number, fraction: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, fraction)))) / 2;
}
