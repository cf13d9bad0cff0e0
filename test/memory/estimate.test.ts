/** The estimates of memory: what they grow with, and that they tell of runs that did not fit. */
import { describe, expect, test } from '@jest/globals';
import { checkpointStateBytes, evaluationPeak, trainingPeak, type Way } from '../../src/memory/estimate.ts';
import { BODY_PARTS, type BodyPart } from '../../src/net/parts.ts';
import { type Architecture, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';

const GIBIBYTE = 2 ** 30;

function workOf(options: Partial<Architecture> = {}, way: Way = 'graph', side = 28) {
  const traced = traceShapes(resNet({ depth: 18, classes: 10, ...options }), [1, side, side]);
  const stateBytes = checkpointStateBytes(traced, { optimizer: false, averaged: false });
  return { traced, way, dataBytes: 47e6, stateBytes, evaluationBatch: 500 };
}

describe('the estimate of a training', () => {
  test.each([
    { batch: 50_000, options: {}, killedAt: 22 },
    { batch: 6_000, options: { depth: 152 } as const, killedAt: 22 },
  ])('of $batch images and $options is far above the $killedAt GiB at which it was killed', (shape) => {
    expect(trainingPeak(workOf(shape.options), shape.batch)).toBeGreaterThan(1.3 * shape.killedAt * GIBIBYTE);
  });

  test('grows with the batch, the average, saving, and computing op by op', () => {
    const work = workOf();
    const peak = trainingPeak(work, 128);
    expect(trainingPeak(work, 1024)).toBeGreaterThan(peak);
    expect(trainingPeak({ ...work, averaged: true }, 128)).toBeGreaterThan(peak);
    expect(trainingPeak({ ...work, saves: false }, 128)).toBeLessThan(peak);
    expect(trainingPeak(workOf({}, 'opByOp'), 1024)).toBeGreaterThan(trainingPeak(work, 1024));
  });

  test('shrinks with every part that is frozen, in every way of computing', () => {
    for (const way of ['graph', 'opByOp', 'wasm', 'gpu'] as const) {
      const work = { ...workOf({}, way), evaluationBatch: 1 };
      const peaks = [[], ['stem', 'stage1'], BODY_PARTS].map((frozen) =>
        trainingPeak({ ...work, frozen: frozen as readonly BodyPart[] }, 256),
      );
      expect(peaks).toEqual(peaks.toSorted((a, b) => b - a));
      expect(peaks[2]).toBeLessThan(peaks[0] ?? 0);
    }
  });

  test('of a frozen body grows with the batch, whose maps are computed all the same', () => {
    const work = { ...workOf(), evaluationBatch: 1, frozen: BODY_PARTS };
    expect(trainingPeak(work, 4096)).toBeGreaterThan(trainingPeak(work, 1024));
    expect(trainingPeak(work, 4096)).toBeLessThan(trainingPeak({ ...work, frozen: [] }, 4096) / 2);
  });

  test('on a GPU is that of the host: no batch changes it', () => {
    const work = workOf({}, 'gpu');
    expect(trainingPeak(work, 100_000)).toBe(trainingPeak(work, 2));
  });

  test('holds validation in batches of its own, which may take more than a small training step', () => {
    const work = workOf({ stem: 'cifar' });
    expect(trainingPeak({ ...work, evaluationBatch: 1 }, 2)).toBeLessThan(trainingPeak(work, 2));
  });
});

// Measured with TensorFlow.js 4.22 on WebAssembly: the lesson at width 8, one step.
test.each([
  { batch: 1000, measured: 581 },
  { batch: 2000, measured: 1011 },
])('the estimate of a training on WebAssembly with batch $batch is within 30 % of $measured MiB', (shape) => {
  const ratio =
    trainingPeak({ ...workOf({ width: 8 }, 'wasm'), evaluationBatch: 50 }, shape.batch) / 2 ** 20 / shape.measured;
  expect(ratio).toBeGreaterThan(0.7);
  expect(ratio).toBeLessThan(1.3);
});

test('the estimate of an evaluation is far below that of training in such batches', () => {
  expect(evaluationPeak(workOf(), 5000)).toBeLessThan(trainingPeak(workOf(), 5000) / 3);
});
