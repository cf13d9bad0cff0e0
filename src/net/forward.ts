/** The forward pass: runs a network's layers on tensors, for training or for evaluation. */

import { convolution, fixedConvolution, fixedKernel, maxPool } from '../runtime/convolution/convolution.ts';
import { BATCH_NORM_EPSILON, type Ops } from '../runtime/ops.ts';
import type { Tensor, Tensor2D, TensorFlowJs, Variable } from '../runtime/tensor.ts';
import type { Convolution, Layer, Sequential } from './layers.ts';

/** Ops and parameters of a forward pass. */
export interface ForwardContext {
  readonly tf: TensorFlowJs;
  readonly ops: Ops;
  /**
   * Whether the batch norm of this path normalises by the batch's statistics and moves the running ones; else it
   * normalises by the running ones, as in evaluation and in frozen parts.
   */
  readonly training: (path: string) => boolean;
  /**
   * A trained parameter by name; convolution weights as [kernel, kernel, in, out] (live taps), dense ones as [in, out].
   */
  readonly parameter: (name: string) => Tensor;
  /**
   * The value of a computation on parameters and running statistics alone: computed, or kept where none of them changes.
   *
   * @param name name of the value, which begins with a layer's path
   */
  readonly constant: (name: string, compute: () => Tensor) => Tensor;
  /** A running statistic by name. */
  readonly statistic: (name: string) => Variable;
}

/**
 * Runs the network on images.
 *
 * @param x images [batch, height, width, channels]
 * @returns logits [batch, classes]
 */
export function forward(network: Sequential, x: Tensor, context: ForwardContext): Tensor {
  return runLayers(network.layers, '', x, context);
}

function runLayers(layers: readonly Layer[], parent: string, x: Tensor, context: ForwardContext): Tensor {
  let value = x;
  for (let index = 0; index < layers.length; index++) {
    const [layer, next] = [layers[index] as Layer, layers[index + 1]];
    const path = (name: string) => (parent ? `${parent}.${name}` : name);
    if (layer.kind === 'convolution' && next?.kind === 'batchNorm') {
      value = normalisedConvolution(layer, path(layer.name), path(next.name), value, context);
      index += 1; // this was the batch norm, too
    } else {
      value = context.ops.layer(path(layer.name), value, (input) => runLayer(layer, path(layer.name), input, context));
    }
  }
  return value;
}

/**
 * A convolution and the batch norm that follows it. In training a bias only moves the running mean (see
 * `batchNormTraining`). In evaluation, and in a frozen part, the batch norm is a fixed factor and shift for each
 * channel, so both are computed as one convolution.
 */
function normalisedConvolution(
  layer: Convolution,
  path: string,
  normPath: string,
  x: Tensor,
  context: ForwardContext,
): Tensor {
  const { tf, ops, parameter } = context;
  const bias = () => (layer.bias ? parameter(`${path}.bias`) : undefined);
  if (context.training(normPath)) {
    const y = ops.layer(path, x, (input) => convolution(tf, input, parameter(`${path}.weight`), layer)); // [B, H', W', out]
    return ops.layer(normPath, y, (input) => batchNorm(normPath, input, bias(), context));
  }
  return ops.layer(path, x, (input) => {
    const kernel = context.constant(`${path}.kernel`, () => {
      const { factor } = fixedBatchNorm(normPath, context);
      const weight = tf.mul(parameter(`${path}.weight`), factor); // [kernel, kernel, in, out] · [out]
      return fixedKernel(tf, input, weight, layer);
    });
    const total = context.constant(`${path}.shift`, () => {
      const { factor, shift } = fixedBatchNorm(normPath, context);
      const added = bias();
      return added ? tf.add(shift, tf.mul(added, factor)) : shift; // [out]
    });
    return ops.biasAdd(fixedConvolution(tf, input, kernel, layer), total); // [B, H', W', out]
  });
}

function runLayer(layer: Layer, path: string, x: Tensor, context: ForwardContext): Tensor {
  const { tf, ops, parameter } = context;
  switch (layer.kind) {
    case 'convolution': {
      const y = convolution(tf, x, parameter(`${path}.weight`), layer); // [B, H', W', out]
      return layer.bias ? tf.add(y, parameter(`${path}.bias`)) : y;
    }
    case 'batchNorm':
      return batchNorm(path, x, undefined, context);
    case 'relu':
      return ops.relu(x);
    case 'maxPool':
      return maxPool(tf, x, layer); // [B, H', W', C]
    case 'globalAveragePool':
      return tf.mean(x, [1, 2], true); // [B, 1, 1, C]
    case 'flatten':
      return tf.reshape(x, [x.shape[0] ?? 0, -1]); // [B, C]: from 1×1 maps, where NHWC and NCHW agree
    case 'dense':
      return tf.add(tf.matMul(x as Tensor2D, parameter(`${path}.weight`) as Tensor2D), parameter(`${path}.bias`)); // [B, out]
    case 'sequential':
      return runLayers(layer.layers, path, x, context);
    case 'residual': {
      const main = runLayers(layer.main, path, x, context);
      return ops.relu(tf.add(main, runLayers(layer.shortcut, path, x, context)));
    }
  }
}

/** @param bias bias of the convolution before, not yet added to x; only in training, see `batchNormTraining` */
function batchNorm(path: string, x: Tensor, bias: Tensor | undefined, context: ForwardContext): Tensor {
  const { tf, ops, parameter, statistic, training } = context;
  if (training(path)) {
    const running = { mean: statistic(`${path}.running_mean`), variance: statistic(`${path}.running_var`) };
    return ops.batchNormTraining(x, parameter(`${path}.weight`), parameter(`${path}.bias`), running, bias);
  }
  const { factor, shift } = fixedBatchNorm(path, context);
  return ops.biasAdd(tf.mul(x, factor), shift);
}

/** Batch norm by its running statistics, as `x · factor + shift`; both are [channels]. */
function fixedBatchNorm(path: string, { tf, parameter, statistic }: ForwardContext): { factor: Tensor; shift: Tensor } {
  const variance = tf.add(statistic(`${path}.running_var`).read(), BATCH_NORM_EPSILON);
  const factor = tf.mul(parameter(`${path}.weight`), tf.rsqrt(variance));
  const shift = tf.sub(parameter(`${path}.bias`), tf.mul(statistic(`${path}.running_mean`).read(), factor));
  return { factor, shift };
}
