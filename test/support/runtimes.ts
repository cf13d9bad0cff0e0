/** Tests that need TensorFlow: they run always, except where RESNET_RUNTIME=none switches it off. */
import { describe, test } from '@jest/globals';

const switchedOff = process.env.RESNET_RUNTIME === 'none';

export const describeWithTensorFlow = switchedOff ? describe.skip : describe;
export const testWithTensorFlow = switchedOff ? test.skip : test;
