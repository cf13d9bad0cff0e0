/** The backends that tests run on: the native one always, unless the user has said that there shall be none. */
import { describe } from '@jest/globals';

/** Skips what needs TensorFlow only where `RESNET_RUNTIME=none` says so; a missing runtime is a failure. */
export const describeWithTensorFlow = process.env.RESNET_RUNTIME === 'none' ? describe.skip : describe;
