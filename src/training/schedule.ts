/** Learning rate schedules: functions of the step alone, so that a resumed run computes the same rates. */

/** Names of the schedules; see `learningRateAt`. */
export const SCHEDULES = ['constant', 'linear', 'cosine', 'one-cycle', 'step'] as const;
/** Name of a schedule. */
export type ScheduleName = (typeof SCHEDULES)[number];

/** A schedule for one run. */
export interface Schedule {
  readonly name: ScheduleName;
  /** The highest learning rate. */
  readonly peak: number;
  /**
   * Number of epochs, or a fraction of one, in which the rate rises to its peak; default: 0, for one-cycle 0.3·epochs.
   */
  readonly warmup?: number | undefined;
  readonly stepsPerEpoch: number;
  /** Number of epochs of the run. */
  readonly epochs: number;
}

/**
 * Fraction of a one-cycle run in which the rate rises; first and last rate as fractions of the peak. PyTorch's
 * defaults.
 */
const ONE_CYCLE = { rise: 0.3, first: 1 / 25, last: 1 / 25 / 1e4 };

/** Divisor of the rate in schedule `step`, once after a half and once more after three quarters of the run. */
const STEP_DIVISOR = 10;

/**
 * The learning rate of a step, by schedule:
 *
 * - `constant`: stays at the peak.
 * - `linear`: falls from the peak in equal steps; the step after the last would have 0.
 * - `cosine`: falls likewise along half a cosine (Loshchilov & Hutter 2017).
 * - `one-cycle`: rises from a 25th of the peak and falls to a 250,000th, along half cosines (Smith & Topin 2018). The
 *   numbers are those of PyTorch's `OneCycleLR`; the last step has the lowest rate.
 * - `step`: the peak, a tenth of it after half of the run, a hundredth after three quarters.
 *
 * A warm-up rises to the peak in equal steps, and the schedule fills the rest of the run; for one-cycle `warmup` is the
 * length of the rise.
 *
 * @param step counted from 1, over all epochs
 */
export function learningRateAt(step: number, { name, peak, warmup, stepsPerEpoch, epochs }: Schedule): number {
  const total = stepsPerEpoch * epochs;
  const warm = Math.min(total, Math.round(warmupOf({ name, warmup, epochs }) * stepsPerEpoch));
  if (name === 'one-cycle') {
    const rising = Math.max(1, warm - 1);
    const done = step - 1;
    if (done <= rising && warm > 0) return cosineBetween(peak * ONE_CYCLE.first, peak, done / rising);
    return cosineBetween(peak, peak * ONE_CYCLE.last, (done - rising) / Math.max(1, total - 1 - rising));
  }
  if (step <= warm) return (peak * step) / warm;
  const fraction = (step - 1 - warm) / (total - warm);
  switch (name) {
    case 'constant':
      return peak;
    case 'linear':
      return peak * (1 - fraction);
    case 'cosine':
      return cosineBetween(peak, 0, fraction);
    case 'step':
      return peak / STEP_DIVISOR ** (fraction < 0.5 ? 0 : fraction < 0.75 ? 1 : 2);
  }
}

/** Number of epochs in which the rate rises. */
export function warmupOf({ name, warmup, epochs }: Pick<Schedule, 'name' | 'warmup' | 'epochs'>): number {
  return warmup ?? (name === 'one-cycle' ? ONE_CYCLE.rise * epochs : 0);
}

/** A rate between two others, along half a cosine; `fraction` of the way, 0 to 1. */
function cosineBetween(from: number, to: number, fraction: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, fraction)))) / 2;
}
