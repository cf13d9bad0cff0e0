/** The operations of a network as layers of Keras, which TensorFlow.js took over. */
import { tapsOfKernel } from '../../model/kernel-layout.ts';
import type { FeatureShape } from '../../net/trace.ts';
import type { Window } from '../../runtime/convolution/window-geometry.ts';
import { isExplicit, poolPadding } from '../../runtime/convolution/window-padding.ts';
import { type GraphNode, INPUT_NAME, type InferenceGraph, type OperationOf, type Weight } from '../inference/graph.ts';

/** A layer, as Keras describes it. */
export interface KerasLayer {
  /** Unique in the model. All names are ours: those that TensorFlow.js gives depend on the models before. */
  readonly name: string;
  /** Name of its class: `Conv2D`. */
  readonly className: string;
  /** Its settings, apart from its name; the others have Keras's defaults. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers before. */
  readonly inputs: readonly string[];
  readonly weights: readonly LayerWeight[];
}

/** Numbers of a layer. */
export interface LayerWeight {
  /** As the layer's class names them: `kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** In TensorFlow's layout. */
  readonly values: Float32Array;
  /** Whether they are trained; the numbers of a normalisation are not, and stay float32. */
  readonly isTrained: boolean;
}

/** The layers of a network; its result is that of the last one. Maps are [batch, height, width, channels]. */
export function layersOf({ input, nodes }: InferenceGraph): KerasLayer[] {
  const [channels, height, width] = input.shape;
  // Images of any type become float32 here: `tf.browser.fromPixels` returns int32.
  const config = { batch_input_shape: [null, height, width, channels], dtype: 'float32', sparse: false };
  const layers: KerasLayer[] = [{ name: INPUT_NAME, className: 'InputLayer', config, inputs: [], weights: [] }];
  const layerOf = new Map([[INPUT_NAME, INPUT_NAME]]); // the layer that has the result of a node
  for (const node of nodes) {
    const inputs = node.inputs.map((name) => layerOf.get(name) as string);
    const added = layersOfNode(node, inputs);
    layers.push(...added);
    layerOf.set(node.name, (added.at(-1)?.name ?? inputs[0]) as string);
  }
  return layers;
}

/** The layers of an operation; none for what the layer before has done. */
function layersOfNode(node: GraphNode, inputs: readonly string[]): KerasLayer[] {
  const { name, operation } = node;
  const one = (className: string, config: KerasLayer['config'] = {}, weights: readonly LayerWeight[] = []) => {
    return [{ name, className, config, inputs, weights }];
  };
  switch (operation.kind) {
    case 'normalise':
      return one('DepthwiseConv2D', { ...ONE_PIXEL, use_bias: true }, weightsOfNormalise(operation));
    case 'convolution':
      return behindPadding(node, inputs, operation.window, (from, padding) => ({
        name,
        className: 'Conv2D',
        config: configOfConvolution(operation, padding),
        inputs: from,
        weights: weightsOfConvolution(operation),
      }));
    case 'batchNorm':
      return one('BatchNormalization', { axis: 3, epsilon: operation.epsilon }, weightsOfBatchNorm(operation));
    case 'relu':
      return one('ReLU');
    case 'maxPool':
      return behindPadding(node, inputs, operation.window, (from, padding) => ({
        name,
        className: 'MaxPooling2D',
        config: configOfPool(operation, padding),
        inputs: from,
        weights: [],
      }));
    case 'add':
      return one('Add');
    case 'globalAveragePool':
      return one('GlobalAveragePooling2D', CHANNELS_LAST); // [batch, channels]: it is flat already
    case 'flatten':
      return [];
    case 'dense':
      return one('Dense', { units: operation.bias.values.length, use_bias: true }, weightsOfDense(operation));
    case 'softmax':
      return one('Softmax', { axis: -1 });
  }
}

const CHANNELS_LAST = { data_format: 'channels_last' };
const ONE_PIXEL = { kernel_size: [1, 1], strides: [1, 1], padding: 'valid', ...CHANNELS_LAST };

/** A depthwise convolution of one pixel is a factor and a shift of each channel. */
function weightsOfNormalise({ scale, shift }: OperationOf<'normalise'>): LayerWeight[] {
  return [
    { name: 'depthwise_kernel', shape: [1, 1, scale.length, 1], values: scale, isTrained: false },
    { name: 'bias', shape: [shift.length], values: shift, isTrained: false },
  ];
}

/**
 * A layer with a window, and before it a layer of padding where Keras's own padding is another than the window's. It
 * pads a pool with zeros, too, which never win: see `Operation`.
 */
function behindPadding(
  { name, input }: GraphNode,
  inputs: readonly string[],
  window: Window,
  layer: (inputs: readonly string[], padding: 'same' | 'valid') => KerasLayer,
): KerasLayer[] {
  const [, height, width] = input as FeatureShape & readonly [number, number, number];
  const padding = poolPadding(height, width, window); // a file has whole kernels: their padding is that of a pool
  if (!isExplicit(padding)) return [layer(inputs, padding.same ? 'same' : 'valid')];
  const padded = `${name}.padding`;
  const config = { padding: [padding.rows, padding.columns], ...CHANNELS_LAST };
  return [{ name: padded, className: 'ZeroPadding2D', config, inputs, weights: [] }, layer([padded], 'valid')];
}

function configOfConvolution(
  { window, weight, bias }: OperationOf<'convolution'>,
  padding: string,
): KerasLayer['config'] {
  const { kernel, stride } = window;
  return {
    filters: weight.shape[0],
    kernel_size: [kernel, kernel],
    strides: [stride, stride],
    padding,
    ...CHANNELS_LAST,
    use_bias: bias !== undefined,
  };
}

function weightsOfConvolution({ weight, bias }: OperationOf<'convolution'>): LayerWeight[] {
  const [out, input, height, width] = weight.shape as [number, number, number, number];
  const values = tapsOfKernel(weight.values, [out, input, height, width]);
  const kernel = { name: 'kernel', shape: [height, width, input, out], values, isTrained: true };
  return bias ? [kernel, perChannel('bias', bias)] : [kernel];
}

function configOfPool({ window: { kernel, stride } }: OperationOf<'maxPool'>, padding: string): KerasLayer['config'] {
  return { pool_size: [kernel, kernel], strides: [stride, stride], padding, ...CHANNELS_LAST };
}

function weightsOfBatchNorm({ scale, shift, mean, variance }: OperationOf<'batchNorm'>): LayerWeight[] {
  return [
    perChannel('gamma', scale),
    perChannel('beta', shift),
    perChannel('moving_mean', mean),
    perChannel('moving_variance', variance),
  ];
}

function weightsOfDense({ weight, bias }: OperationOf<'dense'>): LayerWeight[] {
  const [out, input] = weight.shape as [number, number];
  const values = tapsOfKernel(weight.values, [out, input, 1, 1]);
  return [{ name: 'kernel', shape: [input, out], values, isTrained: true }, perChannel('bias', bias)];
}

function perChannel(name: string, { shape, values }: Weight): LayerWeight {
  return { name, shape, values, isTrained: true };
}
