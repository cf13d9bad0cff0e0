/** Means over images, and their confidence interval. */
import type { LossSums } from '../engine/engine.ts';

/** Mean loss and accuracy over images. */
export interface Metrics {
  /** Number of images. */
  readonly images: number;
  /** Mean cross-entropy of an image (nats). */
  readonly loss: number;
  /** Fraction of correct predictions, 0 to 1. */
  readonly accuracy: number;
}

/** What is measured on the validation images after an epoch. */
export interface ValidationMetrics extends Metrics, MacroScores {}

/** Means over classes, each of which counts the same however many images it has. */
export interface MacroScores {
  /** Mean recall of the classes that have images, 0 to 1. */
  readonly balancedAccuracy: number;
  /** Mean F1 of the classes that have images or were answered, 0 to 1. */
  readonly macroF1: number;
}

/** Means over images: the images of batches of different sizes count equally. */
export function meanOf({ count, lossSum, correct }: LossSums): Metrics {
  return { images: count, loss: lossSum / count, accuracy: correct / count };
}

/**
 * Wilson's score interval for a fraction (Wilson 1927), which contains the fraction. Unlike the normal approximation it
 * stays within [0, 1] and is right near 1, where accuracies are.
 *
 * @param fraction observed fraction, 0 to 1
 * @param count number of observations
 * @param z standard normal quantile; default: 1.96, for 95 %
 */
export function wilsonInterval(fraction: number, count: number, z = 1.959963984540054): [low: number, high: number] {
  const centre = (fraction + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const half = (z / (1 + z ** 2 / count)) * Math.sqrt((fraction * (1 - fraction)) / count + z ** 2 / (4 * count ** 2));
  // min and max with `fraction` undo rounding, which can push an end past it.
  return [Math.min(fraction, Math.max(0, centre - half)), Math.max(fraction, Math.min(1, centre + half))];
}
