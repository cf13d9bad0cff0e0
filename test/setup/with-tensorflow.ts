import { test } from '@jest/globals';

/** A test that needs the native runtime; who has asked to do without it does without the test too. */
export const withTensorFlow = process.env.RESNET_RUNTIME === 'none' ? test.skip : test;
