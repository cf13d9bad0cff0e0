/**
 * The scalars that differ from one step of Adam to the next (Kingma & Ba 2015), as `torch.optim.Adam` and `AdamW`
 * compute them.
 */
import type { Hyperparameters } from './hyperparameters.ts';

/** Scalars of one step of a group of parameters; see `AdamScalars` for those of Adam itself. */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1Power: number;
  readonly beta2Power: number;
  readonly epsilon: number;
  /** 1 − lr·λ, by which weight decay multiplies each parameter; absent if λ is 0. */
  readonly decay?: number;
}

/**
 * Scalars of one step. They depend on the step and the learning rate alone, so a resumed run computes the same bits.
 *
 * @param step t, counted from 1
 */
export function adamStep(step: number, learningRate: number, hyperparameters: Hyperparameters): AdamStep {
  const { betas, epsilon, weightDecay } = hyperparameters;
  const [beta1, beta2] = betas;
  const beta2Power = beta2 ** step;
  return {
    learningRate,
    beta1Power: beta1 ** step,
    beta2Power,
    epsilon: epsilon * Math.sqrt(1 - beta2Power),
    ...(weightDecay > 0 ? { decay: 1 - learningRate * weightDecay } : {}),
  };
}

/**
 * Weight of the new weights in the exponential moving average, 0 to 1; undefined without an average.
 *
 * @param step t, counted from 1
 */
export function averagingAt(step: number, { ema }: Hyperparameters): number | undefined {
  return ema > 0 ? 1 - Math.min(ema, (1 + step) / (10 + step)) : undefined;
}
