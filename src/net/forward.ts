/** The forward pass: runs a network's layers on tensors, for training or for evaluation. */
import { BATCH_NORM_EPSILON, type Ops } from '../runtime/ops.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D, TensorFlowJs, Variable } from '../runtime/tensor.ts';
import { convolution, maxPool } from '../runtime/windows.ts';
import type { BatchNorm, Convolution, Layer, Sequential } from './layers.ts';

/** Where a forward pass finds its ops and its parameters. */
export interface ForwardContext {
  readonly tf: TensorFlowJs;
  readonly ops: Ops;
  /** Batch norm: by this batch's statistics, which also move the running ones, or by the running ones. */
  readonly training: boolean;
  /** A trained parameter by its PyTorch name; convolution weights as [kernel, kernel, in, out], dense as [in, out]. */
  readonly parameter: (name: string) => Tensor;
  /** A running statistic by its PyTorch name. */
  readonly statistic: (name: string) => Variable;
}

/**
 * @param x images [batch, height, width, channels]
 * @returns logits [batch, classes]
 */
export function forward(network: Sequential, x: Tensor, context: ForwardContext): Tensor {
  return runLayers(network.layers, '', x, context);
}

function runLayers(layers: readonly Layer[], parent: string, x: Tensor, context: ForwardContext): Tensor {
  let value = x;
  let pendingBias: Tensor | undefined; // of the convolution just before a batch norm, which accounts for it
  for (const [index, layer] of layers.entries()) {
    const path = parent ? `${parent}.${layer.name}` : layer.name;
    if (layer.kind === 'batchNorm') {
      value = batchNorm(path, value, pendingBias, context);
      pendingBias = undefined;
    } else if (layer.kind === 'convolution') {
      const bias = context.parameter(`${path}.bias`);
      value = convolution(context.tf, value, context.parameter(`${path}.weight`), layer); // [B, H', W', out]
      if (layers[index + 1]?.kind === 'batchNorm') pendingBias = bias;
      else value = context.tf.add(value, bias);
    } else {
      value = runLayer(layer, path, value, context);
    }
  }
  return value;
}

function runLayer(
  layer: Exclude<Layer, BatchNorm | Convolution>,
  path: string,
  x: Tensor,
  context: ForwardContext,
): Tensor {
  const { tf, ops, parameter } = context;
  switch (layer.kind) {
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

function batchNorm(path: string, x: Tensor, bias: Tensor | undefined, context: ForwardContext): Tensor {
  const { tf, ops, parameter, statistic } = context;
  const scale = parameter(`${path}.weight`);
  const shift = parameter(`${path}.bias`);
  const mean = statistic(`${path}.running_mean`);
  const variance = statistic(`${path}.running_var`);
  if (context.training) return ops.batchNormTraining(x, scale, shift, { mean, variance }, bias);
  const centre = bias ? tf.sub(mean.read(), bias) : mean.read(); // (x + bias) − mean = x − (mean − bias)
  return tf.batchNorm(
    x as Tensor4D,
    centre as Tensor1D,
    variance.read() as Tensor1D,
    shift as Tensor1D,
    scale as Tensor1D,
    BATCH_NORM_EPSILON,
  );
}
