/** What needs TensorFlow is tested always, except where the user has said that there shall be none. */
import { describe, test } from '@jest/globals';

const switchedOff = process.env.RESNET_RUNTIME === 'none';

export const describeWithTensorFlow = switchedOff ? describe.skip : describe;
export const testWithTensorFlow = switchedOff ? test.skip : test;
