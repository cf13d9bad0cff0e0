/** Adam (Kingma & Ba 2015), as `torch.optim.Adam` and `AdamW`: the numbers that differ from step to step. */
import type { Hyperparameters } from './hyperparameters.ts';

/** The scalars that a step is given; see `AdamScalars`. */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1Power: number;
  readonly beta2Power: number;
  readonly epsilon: number;
  /** What weight decay leaves of each parameter; absent where there is none. */
  readonly decay?: number;
  /** How far the moving average goes towards the weights; absent where there is none. */
  readonly averaging?: number;
}

/**
 * @param step t, counted from 1
 * @returns a function of t and the learning rate alone, so that a resumed run computes the same bits
 */
export function adamStep(step: number, learningRate: number, hyperparameters: Hyperparameters): AdamStep {
  const { betas, epsilon, weightDecay, ema } = hyperparameters;
  const [beta1, beta2] = betas;
  const beta2Power = beta2 ** step;
  return {
    learningRate,
    beta1Power: beta1 ** step,
    beta2Power,
    epsilon: epsilon * Math.sqrt(1 - beta2Power),
    ...(weightDecay > 0 ? { decay: 1 - learningRate * weightDecay } : {}),
    ...(ema > 0 ? { averaging: 1 - Math.min(ema, (1 + step) / (10 + step)) } : {}),
  };
}
