/** Spells the operations of an exported network as TensorFlow's nodes. Maps are [batch, height, width, channels]. */
import { tapsOfKernel } from '../../model/kernel-layout.ts';
import type { Window } from '../../runtime/convolution/window-geometry.ts';
import { isExplicit, type Padding, poolPadding } from '../../runtime/convolution/window-padding.ts';
import type { GraphNode as Node } from '../../runtime/graph/graph-def.ts';
import { type GraphNode, INPUT_NAME, type InferenceGraph, type OperationOf } from '../inference/graph.ts';
import { FLOAT, INT32, OperationNodes } from './operation-nodes.ts';

/** A side that may have any size. */
const ANY = -1;

/** Pads a map before a pool: lower than all that a map holds, and no −∞, which a quantized network cannot hold. */
const LOWEST = -3.4e38;

/** Shape of the network's input: any number of images, [height, width, channels]. */
export function inputShape({ input }: InferenceGraph): readonly number[] {
  const [channels, height, width] = input.shape;
  return [ANY, height, width, channels];
}

/** Shape of the network's output, for any number of images. */
export function outputShape({ classes }: InferenceGraph): readonly number[] {
  return [ANY, classes];
}

/** TensorFlow's nodes of a network, each after its inputs. The node INPUT_NAME takes the images. */
export function nodesOf(graph: InferenceGraph): readonly Node[] {
  const attributes = { dtype: { type: FLOAT }, shape: { shape: inputShape(graph) } };
  const images = { name: INPUT_NAME, op: 'Placeholder', inputs: [], attributes };
  const operations = graph.nodes.flatMap((node) => {
    const to = new OperationNodes(node.name, graph.weightType);
    spell(node, to);
    return to.nodes;
  });
  return [images, ...operations];
}

/** Adds the nodes of an operation; returns the name of its result, as every function below. */
function spell({ operation, inputs, input }: GraphNode, to: OperationNodes): string {
  const [x] = inputs as readonly [string];
  switch (operation.kind) {
    case 'normalise':
      return normalise(x, operation, to);
    case 'convolution':
      return convolution(x, operation, paddingOf(input, operation.window), to);
    case 'batchNorm':
      return batchNorm(x, operation, to);
    case 'relu':
      return to.result('Relu', [x]);
    case 'maxPool':
      return maxPool(x, operation, paddingOf(input, operation.window), to);
    case 'add':
      return to.result('AddV2', inputs);
    case 'globalAveragePool':
      return globalAveragePool(x, to);
    case 'flatten':
      return to.result('Squeeze', [x], { squeeze_dims: { ints: [1, 2] } }); // height and width, which are 1
    case 'dense':
      return dense(x, operation, to);
    case 'softmax':
      return to.result('Softmax', [x]);
  }
}

function normalise(x: string, { scale, shift }: OperationOf<'normalise'>, to: OperationNodes): string {
  const scaled = to.step('scaled', 'Mul', [x, to.constant('scale', FLOAT, [scale.length], scale)]);
  return to.result('AddV2', [scaled, to.constant('shift', FLOAT, [shift.length], shift)]);
}

function convolution(
  x: string,
  { window, weight, bias }: OperationOf<'convolution'>,
  by: Padding,
  to: OperationNodes,
): string {
  const [out = 0, input = 0, height = 0, width = 0] = weight.shape;
  const values = tapsOfKernel(weight.values, [out, input, height, width]);
  const inputs = [x, to.weight({ name: weight.name, shape: [height, width, input, out], values })];
  const attributes = { strides: { ints: sidesOf(window.stride) }, ...convolutionPadding(by) };
  if (!bias) return to.result('Conv2D', inputs, attributes);
  return to.result('BiasAdd', [to.step('products', 'Conv2D', inputs, attributes), to.weight(bias)]);
}

function batchNorm(x: string, operation: OperationOf<'batchNorm'>, to: OperationNodes): string {
  const { epsilon, scale, shift, mean, variance } = operation;
  const numbers = [scale, shift, mean, variance].map((each) => to.weight(each));
  const attributes = { U: { type: FLOAT }, epsilon: { float: epsilon }, is_training: { bool: false } };
  return to.result('FusedBatchNormV3', [x, ...numbers], attributes);
}

/** Where TensorFlow's SAME is not PyTorch's padding an op pads: LiteRT has no pool with explicit padding. */
function maxPool(x: string, { window }: OperationOf<'maxPool'>, by: Padding, to: OperationNodes): string {
  const { kernel, stride } = window;
  const sizes = { ksize: { ints: sidesOf(kernel) }, strides: { ints: sidesOf(stride) } };
  return to.result('MaxPool', [isExplicit(by) ? padded(x, by, to) : x], { ...sizes, padding: { text: implicit(by) } });
}

/** A map with a border of the lowest numbers. */
function padded(x: string, by: Padding, to: OperationNodes): string {
  const borders = to.constant('borders', INT32, [4, 2], Int32Array.from(bordersOf(by)));
  const lowest = to.constant('lowest', FLOAT, [], Float32Array.of(LOWEST));
  return to.step('padded', 'PadV2', [x, borders, lowest], { Tpaddings: { type: INT32 } });
}

function globalAveragePool(x: string, to: OperationNodes): string {
  const heightAndWidth = to.constant('axes', INT32, [2], Int32Array.of(1, 2));
  return to.result('Mean', [x, heightAndWidth], { Tidx: { type: INT32 }, keep_dims: { bool: true } });
}

function dense(x: string, { weight, bias }: OperationOf<'dense'>, to: OperationNodes): string {
  const products = to.step('products', 'MatMul', [x, to.weight(weight)], { transpose_b: { bool: true } });
  return to.result('BiasAdd', [products, to.weight(bias)]);
}

/** How a map of this shape is padded for a window of which all taps are there, also those that meet no pixel. */
function paddingOf([, height = 0, width = 0]: GraphNode['input'], window: Window): Padding {
  return poolPadding(height, width, window);
}

function convolutionPadding(by: Padding): Node['attributes'] {
  if (!isExplicit(by)) return { padding: { text: implicit(by) } };
  return { padding: { text: 'EXPLICIT' }, explicit_paddings: { ints: bordersOf(by) } };
}

/** TensorFlow's word for a padding without borders of its own. */
function implicit({ same }: Padding): string {
  return same ? 'SAME' : 'VALID';
}

/** Numbers of rows and columns to add before and after [batch, height, width, channels]. */
function bordersOf({ rows, columns }: Padding): number[] {
  return [0, 0, ...rows, ...columns, 0, 0];
}

/** A size along height and width, in the order [batch, height, width, channels]. */
function sidesOf(size: number): number[] {
  return [1, size, size, 1];
}
