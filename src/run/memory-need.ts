/** What a run needs memory for. */
import { pixelBytesInMemory } from '../dataset/pixels.ts';
import type { TrainingData } from '../dataset/split.ts';
import { evaluationBatchSize } from '../evaluation/evaluate.ts';
import type { MemoryNeed } from '../memory/check.ts';
import { checkpointStateBytes, trainingPeak } from '../memory/estimate.ts';
import { wayOf } from '../memory/way.ts';
import type { TracedLayer } from '../net/trace.ts';
import { isAveraged, type RunSettings } from './settings.ts';

/**
 * The memory that a training needs.
 *
 * @param traced the network's layers at the size of the images
 */
export function trainingNeed(
  settings: RunSettings,
  { dataset, validation }: TrainingData,
  traced: readonly TracedLayer[],
  { saves, resumed }: { readonly saves: boolean; readonly resumed: boolean },
): MemoryNeed {
  const averaged = isAveraged(settings);
  const work = {
    traced,
    way: wayOf(settings, !settings.opByOp),
    dataBytes: pixelBytesInMemory(dataset) + dataset.labels.byteLength,
    stateBytes: checkpointStateBytes(traced, { optimizer: resumed, averaged: resumed && averaged }),
    frozen: settings.freeze,
    thaws: settings.thawAt !== undefined,
    evaluationBatch: Math.min(evaluationBatchSize(dataset), validation.length),
    averaged,
    saves,
  };
  return {
    way: work.way,
    what: `training with --batch-size ${settings.batchSize}`,
    batch: settings.batchSize,
    peak: (batch) => trainingPeak(work, batch),
    smaller: (batch) => `give --batch-size ${batch}`,
    otherwise: 'give a smaller --width or --depth',
  };
}
