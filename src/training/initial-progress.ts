/** Progress of a run that has not begun. */
import type { Progress } from '../checkpoint/progress.ts';
import { EMPTY_SUMS } from '../engine/engine.ts';
import { RandomGenerator, type RandomStream } from '../random.ts';

/** Progress before the first step. */
export function initialProgress(seed: number): Progress {
  return { epochs: 0, step: 0, batch: 0, sums: EMPTY_SUMS, best: null, ...initialGenerators(seed) };
}

/** States of the generators before the first step. */
export function initialGenerators(seed: number): Pick<Progress, 'shuffle' | 'augmentation'> {
  const stateOf = (stream: RandomStream) => RandomGenerator.seeded(seed, stream).state();
  return { shuffle: stateOf('shuffle'), augmentation: stateOf('augmentation') };
}
