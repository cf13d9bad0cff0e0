/**
 * Sizes of the activations of a batch in other ways to compute than the training step as one graph, for which
 * `cost.ts` counts them: what an evaluation holds at one time, and what a batch computed op by op makes.
 */
import { convolutionForm } from '../runtime/convolution/convolution.ts';
import { convolutionCopies, maxPoolCopy } from '../runtime/convolution/window-copies.ts';
import { FLOAT_BYTES } from './cost.ts';
import { sizeOf } from './parameters.ts';
import { leaves, pathsOf, type TracedLayer } from './trace.ts';

/**
 * Bytes that the evaluation of one image as one graph holds at one time, at most: a layer's input and output, its
 * copies, and what a residual layer around it holds meanwhile. Batch norm and ReLU work in place.
 */
export function heldBytes(traced: readonly TracedLayer[]): number {
  return FLOAT_BYTES * heldValues(traced, 0);
}

/**
 * Bytes of every output of a batch of one image that is computed op by op, copies for windows included. TensorFlow.js
 * keeps them all until the batch ends.
 *
 * @param normOutputs outputs of a batch norm: 1 where it is one op
 */
export function madeBytes(traced: readonly TracedLayer[], normOutputs = 1): number {
  return FLOAT_BYTES * traced.reduce((sum, layer) => sum + madeValues(layer, normOutputs), 0);
}

/** Outputs of a batch norm of plain ops in training: the centred input, its square, its product, and the result. */
export const PLAIN_NORM_OUTPUTS = 4;

/** Bytes of the copies of weights that convolutions compute from their kernels, whatever the batch is. */
export function filterCopyBytes(traced: readonly TracedLayer[]): number {
  return (
    FLOAT_BYTES *
    leaves(traced).reduce((sum, { layer, input }) => {
      return layer.kind === 'convolution' ? sum + convolutionCopies(input, layer.outChannels, layer).ofFilter : sum;
    }, 0)
  );
}

/** @param elsewhere values that are held beside these layers */
function heldValues(traced: readonly TracedLayer[], elsewhere: number): number {
  return Math.max(0, ...traced.map((layer) => heldInLayer(layer, elsewhere)));
}

function heldInLayer(traced: TracedLayer, elsewhere: number): number {
  const { layer, output } = traced;
  const [first = [], second = []] = pathsOf(traced);
  switch (layer.kind) {
    case 'sequential':
      return heldValues(first, elsewhere);
    case 'residual': {
      const input = sizeOf(traced.input);
      return Math.max(
        heldValues(first.slice(0, 1), elsewhere),
        heldValues(first.slice(1), elsewhere + input),
        heldValues(second, elsewhere + sizeOf(output)),
        elsewhere + input + sizeOf(output),
      );
    }
    case 'batchNorm':
    case 'relu':
    case 'flatten':
      return elsewhere + sizeOf(output);
    case 'convolution': {
      const factor = isReordered(traced) ? 2 : 1;
      return elsewhere + factor * (sizeOf(traced.input) + sizeOf(output)) + copiedValues(traced);
    }
    default:
      return elsewhere + sizeOf(traced.input) + sizeOf(output) + copiedValues(traced);
  }
}

function madeValues(traced: TracedLayer, normOutputs: number): number {
  const { layer, output, children } = traced;
  const inside = children.reduce((sum, child) => sum + madeValues(child, normOutputs), 0);
  switch (layer.kind) {
    case 'sequential':
      return inside;
    case 'residual': // a sum and its ReLU
      return inside + 2 * sizeOf(output);
    case 'flatten': // shares its input's memory
      return 0;
    case 'batchNorm':
      return normOutputs * sizeOf(output);
    default:
      return sizeOf(output) + copiedValues(traced);
  }
}

/** Values that a layer copies into windows. */
function copiedValues({ layer, input }: TracedLayer): number {
  if (layer.kind === 'convolution') return convolutionCopies(input, layer.outChannels, layer).ofImage;
  return layer.kind === 'maxPool' ? maxPoolCopy(input, layer) : 0;
}

/** Whether the library reorders a layer's input and output: oneDNN's convolution has a layout of its own. */
function isReordered({ layer, input }: TracedLayer): boolean {
  if (layer.kind !== 'convolution') return false;
  const [channels = 0, height = 0, width = 0] = input;
  return convolutionForm([height, width, channels, layer.outChannels], layer) === 'conv2d';
}
