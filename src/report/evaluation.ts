/** What `resnet eval` shows, as strings. */
import { percentage } from './numbers.ts';

export interface Evaluation {
  /** Which images: test, val or train. */
  readonly split: string;
  readonly images: number;
  /** Mean cross-entropy of an image, in nats. */
  readonly loss: number;
  /** Share classified right, 0 to 1, and its 95 % interval (Wilson). */
  readonly accuracy: number;
  readonly interval: readonly [low: number, high: number];
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** A few plain lines, the last in the form of the original's. */
export function evaluationText(result: Evaluation): string {
  const { split, images, loss, accuracy, interval, seconds, imagesPerSecond } = result;
  const [low, high] = interval.map(percentage);
  return [
    `${images} ${split} images in ${seconds.toFixed(1)} s (${Math.round(imagesPerSecond)} images/s)`,
    `loss ${loss.toFixed(4)}, accuracy ${percentage(accuracy)} (95 % interval ${low} to ${high})`,
    `***** ${split.toUpperCase()}_ACC = ${(100 * accuracy).toFixed(2)}% *****`,
    '',
  ].join('\n');
}
