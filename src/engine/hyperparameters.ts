/** How a step learns from its batch. */

export interface Hyperparameters {
  /** Adam's decay of the first and of the second moment. */
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the second moment, behind its bias correction. */
  readonly epsilon: number;
  /** λ of AdamW (Loshchilov & Hutter 2019): before a step every parameter is multiplied by 1 − learning rate · λ. */
  readonly weightDecay: number;
  /** The gradients' largest norm, over all of them, as `torch.nn.utils.clip_grad_norm_`; default: any. */
  readonly clipNorm?: number | undefined;
  /**
   * Decay of an average of weights and running statistics that moves with each step (Polyak & Juditsky 1992), and is what
   * is validated; default: none. At first it is less, (1 + t) / (10 + t) at step t, so that the first weights are soon
   * forgotten.
   */
  readonly ema?: number | undefined;
  /** ε of label smoothing (Szegedy et al. 2016), as `torch.nn.CrossEntropyLoss`: the loss that is reported has it too. */
  readonly labelSmoothing: number;
}

/** PyTorch's defaults, which the original uses. */
export const PLAIN_ADAM: Hyperparameters = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  labelSmoothing: 0,
};
