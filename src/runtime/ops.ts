/**
 * The ops that have a fused form in TensorFlow. `tensorflow-ops.ts` reaches those; `plain-ops.ts` composes the same
 * values and gradients from ordinary TensorFlow.js ops, for every other backend.
 */
import type { Tensor, Variable } from './tensor.ts';

/** Batch norm's ε, as PyTorch's default. */
export const BATCH_NORM_EPSILON = 1e-5;
/** Weight of a new batch in the running statistics, as PyTorch's default `momentum`. */
export const BATCH_NORM_MOMENTUM = 0.1;

/** Adam's running averages of a gradient and of its square, each of the parameter's shape. */
export interface AdamMoments {
  readonly first: Variable;
  readonly second: Variable;
}

export interface AdamBetas {
  /** Decay rates of Adam's first and second moment. */
  readonly betas: readonly [beta1: number, beta2: number];
}

/** What differs from one Adam step to the next, as scalars: a recorded step is given them. */
export interface AdamScalars {
  readonly learningRate: Tensor;
  /** β₁ᵗ and β₂ᵗ at this step t, counted from 1. */
  readonly beta1Power: Tensor;
  readonly beta2Power: Tensor;
  /** Added to √v before the bias correction of v: ε·√(1−β₂ᵗ) for PyTorch's ε, which is added after it. */
  readonly epsilon: Tensor;
}

export interface Ops {
  /**
   * Batch norm in training: normalises by this batch's statistics and moves the running ones towards them in place
   * (variance Bessel-corrected, as PyTorch does).
   *
   * @param x [batch, height, width, channels], of at least two values a channel
   * @param scale γ [channels]
   * @param shift β [channels]
   * @param running running mean and variance [channels], updated
   * @param bias [channels] that the convolution before should have added to `x`. Batch norm takes any constant out
   *   again, so it only needs adding to the running mean: exact, and a pass over the map less each way
   * @returns [batch, height, width, channels]; gradients reach x, scale and shift (the bias's is exactly zero)
   */
  batchNormTraining(
    x: Tensor,
    scale: Tensor,
    shift: Tensor,
    running: { mean: Variable; variance: Variable },
    bias?: Tensor,
  ): Tensor;

  /** max(x, 0); its gradient is taken from the output, so that the input need not be kept. */
  relu(x: Tensor): Tensor;

  /**
   * Cross-entropy of softmax(logits) with the labels, in one step, so that it never takes the logarithm of a rounded 0.
   *
   * @param logits [batch, classes]
   * @param labels [batch], int32
   * @returns [batch]
   */
  softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor;

  /**
   * Each image by its own affine map, between pixels by the nearest four; it has no gradient.
   *
   * @param images [batch, height, width, channels]
   * @param transforms [batch, 8]; see `drawTransforms`
   * @param background what lies around an image
   * @returns the shape of `images`
   */
  transformImages(images: Tensor, transforms: Tensor, background: number): Tensor;

  /** x [batch, height, width, channels] + bias [channels], for evaluation: it has no gradient. */
  biasAdd(x: Tensor, bias: Tensor): Tensor;

  /** Runs `work` on x. What it computes, and what its gradient computes, goes by the layer's name in a profile. */
  layer(path: string, x: Tensor, work: (x: Tensor) => Tensor): Tensor;

  /**
   * A float32 variable.
   *
   * @param name for a graph's nodes, in which it is used once
   * @param values not to be changed afterwards; default: zeros
   */
  variable(name: string, shape: readonly number[], values?: Float32Array): Variable;

  /**
   * One step of Adam (Kingma & Ba 2015) on each parameter, in place.
   *
   * @param gradients one a variable, of its shape; no other reference to the variables' values may be alive, or
   *   TensorFlow copies them first
   */
  applyAdam(
    updates: readonly { variable: Variable; moments: AdamMoments; gradient: Tensor }[],
    scalars: AdamScalars,
    betas: AdamBetas,
  ): void;
}
