/**
 * The interface of ops that have a fused kernel in TensorFlow. `tensorflow-ops.ts` calls these kernels; `plain-ops.ts`
 * computes the same values and gradients with ordinary TensorFlow.js ops, for every other backend.
 */
import type { Tensor, Variable } from './tensor.ts';

/** Batch norm's ε, PyTorch's default. */
export const BATCH_NORM_EPSILON = 1e-5;
/** Weight of a batch's statistics in the running statistics, PyTorch's default `momentum`. */
export const BATCH_NORM_MOMENTUM = 0.1;

/** Adam's moments of one parameter: the exponential moving averages of its gradient and of the gradient's square. */
export interface AdamMoments {
  /** Average of the gradient, of the parameter's shape. */
  readonly first: Variable;
  /** Average of the squared gradient, of the parameter's shape. */
  readonly second: Variable;
}

/** Adam's decay rates. */
export interface AdamBetas {
  /** Decay rates of Adam's first and second moment. */
  readonly betas: readonly [beta1: number, beta2: number];
}

/** Scalars that change from one Adam step to the next; they are inputs of a recorded step. */
export interface AdamScalars {
  readonly learningRate: Tensor;
  /** β₁ᵗ at this step t, counted from 1. */
  readonly beta1Power: Tensor;
  /** β₂ᵗ at this step t, counted from 1. */
  readonly beta2Power: Tensor;
  /**
   * Number added to √v before the bias correction of v. PyTorch adds its ε after the correction, so ε·√(1−β₂ᵗ) gives
   * PyTorch's result.
   */
  readonly epsilon: Tensor;
}

/** The ops with a fused kernel, and the variables that they work on. */
export interface Ops {
  /**
   * Batch norm in training (Ioffe & Szegedy 2015): normalises by the batch's statistics, and moves the running
   * statistics towards them in place (the variance with Bessel's correction, as in PyTorch).
   *
   * @param x [batch, height, width, channels], at least two values per channel
   * @param scale γ [channels]
   * @param shift β [channels]
   * @param running running mean and variance [channels], updated in place
   * @param bias bias [channels] that the preceding convolution did not add to `x`. Batch norm subtracts any constant,
   *   so adding the bias to the running mean alone is exact, and saves a pass over the map forward and another backward
   * @returns [batch, height, width, channels]; has gradients for `x`, `scale` and `shift` (that of `bias` is exactly
   *   zero)
   */
  batchNormTraining(
    x: Tensor,
    scale: Tensor,
    shift: Tensor,
    running: { mean: Variable; variance: Variable },
    bias?: Tensor,
  ): Tensor;

  /** max(x, 0), of the shape of `x`. The gradient is computed from the output, so the input need not stay in memory. */
  relu(x: Tensor): Tensor;

  /**
   * Cross-entropy of softmax(logits) and the labels, computed in one op so that no probability rounds to 0 before its
   * logarithm is taken.
   *
   * @param logits [batch, classes]
   * @param labels [batch], int32
   * @returns cross-entropy of each image [batch], in nats
   */
  softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor;

  /**
   * Applies an affine transform to each image with bilinear interpolation. Has no gradient.
   *
   * @param images [batch, height, width, channels]
   * @param transforms [batch, 8]; see `CHANGE_SIZES`
   * @param outside value of the pixels outside an image; `edge`: that of the outermost pixel beside them
   * @returns [batch, height, width, channels]
   */
  transformImages(images: Tensor, transforms: Tensor, outside: number | 'edge'): Tensor;

  /**
   * x [batch, height, width, channels] + bias [channels]. Only `x` has a gradient: the bias is a constant, as in
   * evaluation and in frozen parts.
   */
  biasAdd(x: Tensor, bias: Tensor): Tensor;

  /**
   * Runs the computation of a layer. In a graph, its nodes and those of its gradient are named after the layer, so that
   * a profile can attribute them.
   *
   * @param path address of the layer in the network
   */
  layer(path: string, x: Tensor, work: (x: Tensor) => Tensor): Tensor;

  /**
   * Makes a float32 variable.
   *
   * @param name name of the variable, unique in a graph
   * @param values initial values, not to be changed afterwards; default: zeros
   */
  variable(name: string, shape: readonly number[], values?: Float32Array): Variable;

  /**
   * Takes one step of Adam (Kingma & Ba 2015) on each parameter, in place.
   *
   * @param updates parameters with their moments and gradients, all of the parameter's shape. No other tensor may share
   *   a variable's value, or TensorFlow copies it first
   */
  applyAdam(
    updates: readonly { variable: Variable; moments: AdamMoments; gradient: Tensor }[],
    scalars: AdamScalars,
    betas: AdamBetas,
  ): void;
}
