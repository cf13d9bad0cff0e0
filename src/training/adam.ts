/** Adam (Kingma & Ba 2015), as `torch.optim.Adam`: the numbers that differ from step to step. */
import { ADAM_BETA1, ADAM_BETA2 } from '../runtime/ops.ts';

/** PyTorch's default. */
const EPSILON = 1e-8;

/** The scalars that a step is given; see `AdamScalars`. */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1Power: number;
  readonly beta2Power: number;
  readonly epsilon: number;
}

/**
 * @param step t, counted from 1
 * @returns a function of t and the learning rate alone, so that a resumed run computes the same bits
 */
export function adamStep(step: number, learningRate: number): AdamStep {
  const beta2Power = ADAM_BETA2 ** step;
  return { learningRate, beta1Power: ADAM_BETA1 ** step, beta2Power, epsilon: EPSILON * Math.sqrt(1 - beta2Power) };
}
