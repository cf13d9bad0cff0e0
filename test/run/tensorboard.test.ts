/** A run's event files for TensorBoard. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { TensorBoardLog } from '../../src/run/tensorboard.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { EpochEvent, StepEvent } from '../../src/training/events.ts';
import { initialProgress } from '../../src/training/initial-progress.ts';
import { summariesIn } from '../support/event-files.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

/** A step of a run with two steps an epoch. */
const stepAt = (step: number): StepEvent => ({
  type: 'step',
  epoch: Math.ceil(step / 2),
  step,
  batches: 2,
  batch: (step + 1) % 2,
  seen: 0,
  total: 16,
  loss: 0.5,
  learningRate: 0.25,
  epochMean: { images: 8, loss: 0.5, accuracy: 0.5 },
  imagesPerSecond: 8,
});
const epochEnding = (step: number): EpochEvent => ({
  type: 'epoch',
  epoch: step / 2,
  step,
  learningRate: 0.25,
  train: { images: 16, loss: 0.5, accuracy: 0.5 },
  validation: { images: 8, loss: 0.5, accuracy: 0.5, balancedAccuracy: 0.25, macroF1: 0.125 },
  best: true,
  imagesPerSecond: 8,
  trainSeconds: 2,
  seconds: 4,
});

describeWithTensorFlow('the TensorBoard record of a resumed run', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  test.each([
    ['after its first epoch', { epochs: 1, step: 2, batch: 0 }, [1, 2], [2]],
    ['in its second epoch', { epochs: 1, step: 3, batch: 1 }, [1, 2, 3], [2]],
    ['before the validation of its second epoch', { epochs: 1, step: 4, batch: 2 }, [1, 2, 3, 4], [2]],
  ])('%s, is what will not happen again', async (name, place, steps, ends) => {
    const folder = join(root, name);
    mkdirSync(folder);
    const progress = initialProgress(0);
    const first = await TensorBoardLog.open(folder, runtime, progress);
    for (const event of [stepAt(1), stepAt(2), epochEnding(2), stepAt(3), stepAt(4), epochEnding(4)]) first.add(event);
    first.close();
    const second = await TensorBoardLog.open(folder, runtime, { ...progress, ...place });
    second.close();
    const seen = summariesIn(join(folder, 'tensorboard'));
    const stepsOf = (wanted: string) => seen.flatMap(({ tag, step }) => (tag === wanted ? [step] : []));
    expect([stepsOf('step/loss'), stepsOf('epoch/val_loss')]).toEqual([steps, ends]);
    expect([stepsOf('epoch/val_balanced_accuracy'), stepsOf('epoch/val_macro_f1')]).toEqual([ends, ends]);
  });
});
