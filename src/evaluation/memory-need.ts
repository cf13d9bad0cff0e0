/** What an evaluation needs memory for. */
import type { ImageSize } from '../image/size.ts';
import type { MemoryNeed } from '../memory/check.ts';
import { checkpointStateBytes, evaluationPeak } from '../memory/estimate.ts';
import { wayOf } from '../memory/way.ts';
import type { ModelFile } from '../model/model-file.ts';
import { resNet } from '../net/resnet.ts';
import { traceShapes } from '../net/trace.ts';
import type { RuntimeChoice } from '../runtime/open.ts';
import { evaluationBatchSize } from './evaluate.ts';

/** Images to evaluate. */
interface EvaluatedImages extends ImageSize {
  /** Number of images in memory. */
  readonly count: number;
  /** Number of those that are evaluated. */
  readonly evaluated: number;
}

/**
 * The memory that an evaluation needs.
 *
 * @param compile see `openEngine`
 * @param smaller how to evaluate fewer images, for example `give --limit-test 100`
 */
export function evaluationNeed(
  { architecture, metadata }: ModelFile,
  images: EvaluatedImages,
  choice: RuntimeChoice,
  compile: boolean,
  smaller: MemoryNeed['smaller'],
): MemoryNeed {
  const { height, width, count, evaluated } = images;
  const { channels } = architecture;
  const traced = traceShapes(resNet(architecture), [channels, height, width]);
  const { progress } = metadata ?? {};
  const work = {
    traced,
    way: wayOf(choice, compile),
    dataBytes: count * (channels * height * width + 1),
    stateBytes: checkpointStateBytes(traced, {
      optimizer: progress !== undefined,
      averaged: progress?.averaged !== undefined,
    }),
  };
  const batch = Math.min(evaluationBatchSize(images), evaluated);
  return {
    way: work.way,
    what: `evaluating ${batch} ${batch === 1 ? 'image' : 'images'} at once`,
    batch,
    peak: (size) => evaluationPeak(work, size),
    smaller,
    otherwise: 'take a smaller network, or a machine with more memory',
  };
}
