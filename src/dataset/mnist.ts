/** Facts by which MNIST is known. */
import type { Dataset } from './dataset.ts';

/** SHA-256 of MNIST's training data, as `Dataset.sha256` has it. */
export const MNIST_TRAINING_SHA256 = 'c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914';

/** SHA-256 of MNIST's test data, of which no image equals a training image. */
export const MNIST_TEST_SHA256 = '18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62';

/** Number and shape ([channels, height, width]) of MNIST's training images. */
export const MNIST_TRAINING_IMAGES = { count: 60_000, shape: [1, 28, 28] } as const;

/** Whether training data are MNIST's, in whichever folder they lie. */
export function isMnist({ sha256 }: Pick<Dataset, 'sha256'>): boolean {
  return sha256 === MNIST_TRAINING_SHA256;
}
