/** The checks of batch size, warm-up and frozen parts before any work. */
import { describe, expect, test } from '@jest/globals';
import { resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import {
  checkBatchShared,
  checkBatchSize,
  checkFrozen,
  checkNewThaw,
  checkShares,
  checkWarmup,
} from '../../src/run/checks.ts';
import type { RunSettings } from '../../src/run/settings.ts';
import { PROGRESS } from '../checkpoint/example.ts';

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

test('the check of the shares of workers names batch sizes of which each has enough images, and takes those', () => {
  const sharesOf = (batchSize: number, images: number, workers: number, syncBatchNorm?: boolean) => {
    return () => checkShares({ batchSize, syncBatchNorm }, images, small, workers);
  };
  expect(sharesOf(16, 35, 4, true)).toThrow(
    expect.objectContaining({
      code: 2,
      message:
        'the last batch of an epoch has 3 images, fewer than 4 workers: give --batch-size 15 or 17, or fewer workers',
    }),
  );
  for (const size of [15, 17]) expect(sharesOf(size, 35, 4, true)).not.toThrow();
  expect(sharesOf(16, 35, 2, true)).not.toThrow();
  expect(sharesOf(16, 35, 2, false)).toThrow(
    /^the last batch .* 3 images, fewer than the 4 that give resnet_block4.* or --sync-batch-norm$/,
  );
  expect(sharesOf(3, 3, 4, true)).toThrow('3 training images are too few for them: give fewer workers');
  expect(sharesOf(16, 35, 1, false)).not.toThrow();
});

test('the check before the data are there refuses a batch of fewer images than workers (exit 2)', () => {
  expect(() => checkBatchShared(4, 8)).toThrow(
    expect.objectContaining({
      code: 2,
      message: 'a batch has 4 images, fewer than 8 workers: give --batch-size 8 or more, or fewer workers',
    }),
  );
  checkBatchShared(8, 8);
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

describe('the check of frozen parts', () => {
  const init = 'other/best.safetensors';

  test.each<[Partial<RunSettings>, string]>([
    [
      { freeze: ['stem', 'stage1'] },
      '--freeze stem,stage1 would keep random weights, since there is no --init: give --init, or leave it out',
    ],
    [
      { recipe: 'finetune', freeze: ['stem'] },
      '--recipe finetune begins with trained weights, but there is no --init: give --init, or another --recipe',
    ],
    [{ init, thawAt: 2 }, '--thaw-at 2 has nothing to thaw: give --freeze, or leave it out'],
    [
      { init, freeze: ['stem'], thawAt: 4, epochs: 3 },
      '--thaw-at 4 is later than --epochs 3: give an earlier --thaw-at, or more --epochs',
    ],
    [{ init, freeze: ['stem'], thawAt: 2, epochs: 1 }, '--thaw-at 2 is later than --epochs 1: give more --epochs'],
  ])('refuses %j (exit 2)', (settings, message) => {
    expect(() => checkFrozen(settings)).toThrow(expect.objectContaining({ code: 2, message }));
  });

  test('accepts parts with weights, with a thaw that comes and without one', () => {
    checkFrozen({ init, freeze: ['stem'], epochs: 1 });
    checkFrozen({ init, freeze: ['stem'], thawAt: 3, epochs: 3 });
    checkFrozen({ epochs: 1 });
  });
});

describe('the check of another --thaw-at of a resumed run', () => {
  const changes = [{ name: 'thaw-at', from: 9, to: 4 }];
  const at = (epochs: number, batch: number, steps = 0) => {
    return { ...PROGRESS, epochs, batch, frozen: { parts: ['stem'], steps } };
  };

  test('accepts an epoch that has not begun', () => {
    checkNewThaw(changes, { thawAt: 4 }, at(3, 0));
    checkNewThaw(changes, { thawAt: 4 }, at(2, 7));
    checkNewThaw([], { thawAt: 4 }, at(5, 0, 3));
  });

  test.each([
    [at(3, 1), 'is in epoch 4: give a later epoch'],
    [at(4, 0), 'has trained 4 epochs: give a later epoch'],
    [at(2, 1, 5), 'is in epoch 3, and nothing is frozen any more: leave it out'],
  ])('refuses an epoch that has begun, and any after the thaw (exit 2)', (progress, problem) => {
    expect(() => checkNewThaw(changes, { thawAt: 4 }, progress)).toThrow(
      expect.objectContaining({ code: 2, message: `--resume: --thaw-at is now 4, but the run ${problem}` }),
    );
  });
});
