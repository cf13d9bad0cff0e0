/** The check of the batch size before any work. */
import { describe, expect, test } from '@jest/globals';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { checkBatchSize, checkWarmup } from '../../src/run/checks.ts';

const network = resNet({ depth: 18, classes: 10 });
const small = traceShapes(network, [1, 28, 28]); // ends in maps of one pixel
const large = traceShapes(network, [1, 64, 64]); // ends in maps of 2×2

describe('the check of the batch size', () => {
  test('refuses a batch larger than the data', () => {
    expect(() => checkBatchSize(101, 100, small)).toThrow(
      '--batch-size must be at most the 100 training images, got 101',
    );
  });

  test('refuses a batch of one image where batch norm would see one value per channel', () => {
    expect(() => checkBatchSize(1, 100, small)).toThrow(/gives resnet_block4\.residual_0\.bn1 one value per channel/);
    expect(() => checkBatchSize(1, 1, small)).toThrow(/one value per channel/);
  });
});

test('the check of the batch size accepts any other, also one that leaves a single image over', () => {
  checkBatchSize(33, 100, small);
  checkBatchSize(100, 100, small);
  checkBatchSize(2, 2, small);
  checkBatchSize(1, 100, large);
});

test('the check of the warm-up refuses one that is longer than the run (exit 2), with both values', () => {
  expect(() => checkWarmup({ warmup: 2.5, epochs: 2 })).toThrow(
    expect.objectContaining({
      code: 2,
      message: '--warmup 2.5 is longer than --epochs 2: give a shorter --warmup, or more --epochs',
    }),
  );
  checkWarmup({ warmup: 2, epochs: 2 });
  checkWarmup({ epochs: 1 });
});
