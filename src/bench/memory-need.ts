/** What a measurement needs memory for. */
import type { DatasetInMemory } from '../dataset/dataset.ts';
import { pixelBytesInMemory } from '../dataset/pixels.ts';
import type { MemoryNeed } from '../memory/check.ts';
import { checkpointStateBytes, trainingPeak } from '../memory/estimate.ts';
import { wayOf } from '../memory/way.ts';
import { traceShapes } from '../net/trace.ts';
import type { DeviceChoice } from '../runtime/choices.ts';
import { type BenchMode, benchNetwork, EVALUATION_BATCH_SIZES } from './measure.ts';

/** The memory that the hungriest of these modes needs, all parts trained; each is measured in a process of its own. */
export function benchNeed(
  dataset: DatasetInMemory,
  modes: readonly BenchMode[],
  batchSize: number,
  device: DeviceChoice,
): MemoryNeed {
  const { channels, height, width, labels, count } = dataset;
  const traced = traceShapes(benchNetwork(dataset), [channels, height, width]);
  const works = modes.map((mode) => ({
    traced,
    way: wayOf({ backend: 'tensorflow', device }, mode === 'compiled'),
    dataBytes: pixelBytesInMemory(dataset) + labels.length,
    stateBytes: checkpointStateBytes(traced, { optimizer: false, averaged: false }),
    evaluationBatch: Math.max(...EVALUATION_BATCH_SIZES.filter((size) => size <= count)),
    saves: false,
  }));
  return {
    way: wayOf({ backend: 'tensorflow', device }, true),
    what: `a measurement with --batch-size ${batchSize}`,
    batch: batchSize,
    peak: (batch) => Math.max(...works.map((work) => trainingPeak(work, batch))),
    smaller: (batch) => `give --batch-size ${batch}`,
    otherwise: 'measure on a machine with more memory',
  };
}
