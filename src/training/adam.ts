/** Adam (Kingma & Ba 2015), as `torch.optim.Adam`: its hyper-parameters and the numbers of one step. */
import type { AdamStep } from '../runtime/ops.ts';

/** PyTorch's defaults, which the original uses. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * @param step t, counted from 1
 * @returns what the op needs at this step; a function of t alone, so that a resumed run computes the same bits
 */
export function adamStep(step: number, learningRate: number): AdamStep {
  return { ...ADAM, learningRate, beta1Power: ADAM.beta1 ** step, beta2Power: ADAM.beta2 ** step };
}
