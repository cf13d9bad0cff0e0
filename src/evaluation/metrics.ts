/** Means over images, and how sure they are. */
import type { LossSums } from '../engine/engine.ts';

export interface Metrics {
  readonly images: number;
  /** Mean cross-entropy of an image, in nats. */
  readonly loss: number;
  /** Fraction of the images whose largest logit is their label's, 0 to 1. */
  readonly accuracy: number;
}

/** Means over images, whatever the size of the batches that they came in. */
export function meanOf({ count, lossSum, correct }: LossSums): Metrics {
  return { images: count, loss: lossSum / count, accuracy: correct / count };
}

/**
 * Wilson's score interval for a fraction (Wilson 1927): unlike the normal approximation it stays within [0, 1] and is
 * right near 1, where accuracies are. It holds the fraction itself.
 *
 * @param fraction observed, 0 to 1
 * @param count of how many
 * @param z standard normal quantile; default 1.96, for 95 %
 */
export function wilsonInterval(fraction: number, count: number, z = 1.959963984540054): [low: number, high: number] {
  const centre = (fraction + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const half = (z / (1 + z ** 2 / count)) * Math.sqrt((fraction * (1 - fraction)) / count + z ** 2 / (4 * count ** 2));
  return [Math.min(fraction, Math.max(0, centre - half)), Math.max(fraction, Math.min(1, centre + half))]; // but for rounding
}
