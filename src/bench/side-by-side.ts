/** Times a step with frozen parts and one that trains all in turns, so that a machine busy for a while slows both. */

import { setImmediate } from 'node:timers/promises';
import type { DatasetInMemory } from '../dataset/dataset.ts';
import type { Runtime } from '../runtime/open.ts';
import {
  BENCH_LEARNING_RATE,
  type BenchMode,
  type BenchOptions,
  type BenchResult,
  benchSource,
  engineOf,
  RandomBatches,
  WARM_UP_STEPS,
} from './measure.ts';
import { spreadOf } from './spread.ts';

/** Speed of a step. */
type StepSpeed = Pick<BenchResult, 'millisecondsPerStep' | 'trainImagesPerSecond'>;

/**
 * Speeds of the steps with `frozen` parts and with all trained.
 *
 * @param signal stops the measurement between two steps, which then throws the signal's reason
 */
export async function sideBySide(
  runtime: Runtime,
  dataset: DatasetInMemory,
  { mode, steps, batchSize, frozen }: BenchOptions & { readonly mode: Exclude<BenchMode, 'layers'> },
  signal: AbortSignal,
): Promise<readonly [frozen: StepSpeed, full: StepSpeed]> {
  const source = benchSource(dataset);
  const contenders = [frozen ?? [], []].map((parts) => {
    return { engine: engineOf(mode, runtime, { ...source, frozen: parts }), milliseconds: [] as number[] };
  });
  const batches = new RandomBatches(dataset);
  try {
    for (let step = 0; step < WARM_UP_STEPS + steps; step++) {
      for (const { engine, milliseconds } of step % 2 === 0 ? contenders : contenders.toReversed()) {
        const batch = batches.next(batchSize);
        const began = performance.now();
        await engine.train(batch, BENCH_LEARNING_RATE);
        if (step >= WARM_UP_STEPS) milliseconds.push(performance.now() - began);
        await setImmediate(); // a loop that awaits only microtasks never sees a signal
        signal.throwIfAborted();
      }
    }
  } finally {
    for (const { engine } of contenders) engine.dispose();
  }
  const [ofFrozen, ofFull] = contenders.map(({ milliseconds }): StepSpeed => {
    const millisecondsPerStep = spreadOf(milliseconds);
    return { millisecondsPerStep, trainImagesPerSecond: (1000 * batchSize) / millisecondsPerStep.median };
  }) as [StepSpeed, StepSpeed];
  return [ofFrozen, ofFull];
}
