/**
 * The network as a TensorFlow.js layers model, written and compiled as a user of `tf.layers` would. Only `resnet bench`
 * uses it, to compare with: the repository's `bench/` compares with PyTorch.
 */
import type { Layer, Sequential } from '../net/layers.ts';
import { type FeatureShape, traceShapes } from '../net/trace.ts';
import type { Window } from '../runtime/convolution/window-geometry.ts';
import { poolPadding } from '../runtime/convolution/window-padding.ts';
import { BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM } from '../runtime/ops.ts';
import type { TensorFlowJs } from '../runtime/tensor.ts';

/** TensorFlow.js's type of a layers model. */
export type LayersModel = ReturnType<TensorFlowJs['model']>;
type SymbolicTensor = ReturnType<TensorFlowJs['input']>;
type Inputs = SymbolicTensor | SymbolicTensor[];

/** Learning rate of the original lesson. */
const LEARNING_RATE = 1e-3;

/**
 * Keras's default initialiser. The default of TensorFlow.js takes five times as long to draw, and the speed of a step
 * does not depend on the values.
 */
const INITIALISER = 'glorotUniform';

/**
 * Builds the layers model and compiles it with Adam and the cross-entropy of softmax(logits).
 *
 * The layers are named by their addresses in the network (`resnet_block1.residual_0.conv1`). `trainOnBatch` takes
 * images [batch, height, width, channels] and one-hot labels [batch, classes]; `predictOnBatch` returns logits [batch,
 * classes].
 *
 * A max pool whose padding is not SAME's is padded with zeros. That gives PyTorch's result if the layer before is a
 * ReLU, as in every ResNet. Adam's ε is the default of TensorFlow.js, 1e-7.
 *
 * @param input shape of one image: [channels, height, width], each ≥ 1
 * @throws UserError (usage) naming the layer and the shape that it cannot take
 */
export function layersModel(tf: TensorFlowJs, network: Sequential, input: FeatureShape): LayersModel {
  traceShapes(network, input); // for its errors
  const [channels, height, width] = input;
  const images = tf.input({ shape: [height, width, channels] as number[] });
  const model = tf.model({ inputs: images, outputs: applyLayers(tf, network.layers, '', images) });
  model.compile({ optimizer: tf.train.adam(LEARNING_RATE), loss: tf.losses.softmaxCrossEntropy });
  return model;
}

function applyLayers(tf: TensorFlowJs, layers: readonly Layer[], parent: string, x: SymbolicTensor): SymbolicTensor {
  return layers.reduce((value, layer) => {
    return applyLayer(tf, layer, parent ? `${parent}.${layer.name}` : layer.name, value);
  }, x);
}

function applyLayer(tf: TensorFlowJs, layer: Layer, name: string, x: SymbolicTensor): SymbolicTensor {
  switch (layer.kind) {
    case 'convolution': {
      const [padded, padding] = pad(tf, layer, x);
      const { outChannels: filters, kernel: kernelSize, stride: strides, bias: useBias } = layer;
      const shape = { filters, kernelSize, strides, padding, useBias };
      return apply(tf.layers.conv2d({ name, ...shape, kernelInitializer: INITIALISER }), padded);
    }
    case 'batchNorm': {
      const momentum = 1 - BATCH_NORM_MOMENTUM; // Keras: weight of the old average; PyTorch: of the new batch
      return apply(tf.layers.batchNormalization({ name, momentum, epsilon: BATCH_NORM_EPSILON }), x);
    }
    case 'relu':
      return apply(tf.layers.reLU({ name }), x);
    case 'maxPool': {
      const [padded, padding] = pad(tf, layer, x);
      return apply(tf.layers.maxPooling2d({ name, poolSize: layer.kernel, strides: layer.stride, padding }), padded);
    }
    case 'globalAveragePool':
      return apply(tf.layers.globalAveragePooling2d({ name, dataFormat: 'channelsLast' }), x); // [B, C]
    case 'flatten':
      return x.shape.length === 2 ? x : apply(tf.layers.flatten({ name }), x); // the pool's output is flat already
    case 'dense':
      return apply(tf.layers.dense({ name, units: layer.outFeatures }), x);
    case 'sequential':
      return applyLayers(tf, layer.layers, name, x);
    case 'residual': {
      const main = applyLayers(tf, layer.main, name, x);
      const sum = apply(tf.layers.add(), [main, applyLayers(tf, layer.shortcut, name, x)]);
      return apply(tf.layers.reLU(), sum);
    }
  }
}

/**
 * PyTorch's padding of a window: SAME if it is equal, which is faster; otherwise a layer of zero padding, then VALID.
 */
function pad(tf: TensorFlowJs, window: Window, x: SymbolicTensor): [SymbolicTensor, 'same' | 'valid'] {
  const [, height, width] = x.shape as number[];
  // A layers model keeps all taps of a kernel, so a convolution's padding is that of a pool.
  if (poolPadding(height as number, width as number, window).same) return [x, 'same'];
  return [apply(tf.layers.zeroPadding2d({ padding: window.padding }), x), 'valid'];
}

/** Applies a layer to symbolic tensors. The result is one tensor, which the layer's type does not say. */
function apply(layer: { apply(x: Inputs): unknown }, x: Inputs): SymbolicTensor {
  return layer.apply(x) as SymbolicTensor;
}
