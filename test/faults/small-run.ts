/** Small runs of the real binary. Op by op, because a graph's recording takes longer than all the rest. */

import { withFlags } from '../support/flags.ts';

/** The smallest run that trains and saves: two steps of a narrow network, 2 s from start to end. */
export const SMALL_RUN = [
  'train',
  ...['--width', '4', '--no-compile', '--epochs', '1', '--batch-size', '16'],
  ...['--limit-train', '32', '--limit-val', '16'],
];

/** SMALL_RUN, but it trains until it is stopped. */
export const ENDLESS_RUN = withFlags(SMALL_RUN, '--epochs', '1000000');

/** Why TensorFlow cannot run here; undefined if it can. */
export const noTensorFlow =
  process.env.RESNET_RUNTIME === 'none' ? 'TensorFlow is switched off by RESNET_RUNTIME=none' : undefined;
