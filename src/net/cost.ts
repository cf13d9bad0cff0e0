/**
 * The cost table: arithmetic and memory of each layer of a trace, in training.
 *
 * Mult-adds are counted as torchinfo counts them, so that the numbers compare: a convolution's weights and biases once
 * a pixel of its output, those of any other layer once an image, and nothing for a layer without parameters. Taps that
 * only ever meet padding count, too, though this tool does not compute them.
 *
 * Memory is that of this tool's training step run as one graph, on the device, in float32:
 * - weights: parameters and running statistics; of a kernel the live taps only (`liveTaps`)
 * - gradients: one for each live parameter
 * - Adam: two moments for each parameter on the device
 * - activations: tensors that the forward pass keeps for the backward pass, each once, at the layer that first needs
 *   it. A convolution, a dense layer and a batch norm keep their input, batch norm the batch's mean and variance too,
 *   ReLU its output, a pool both; sums and means keep nothing. If a map is copied on its way into a window (written-out
 *   padding, small maps), the copy is kept. test/engine/kept-activations.test.ts compares the sum with the recorded
 *   step
 *
 * Not counted: the data set, the gradients of activations, the kernels' scratch memory, the process itself.
 */
import { convolutionCopies, maxPoolCopy } from '../runtime/convolution/window-copies.ts';
import type { Layer } from './layers.ts';
import { countTrainable, type Parameter, parametersOf, sizeOf } from './parameters.ts';
import { pathsOf, type TracedLayer } from './trace.ts';

/** Cost of one layer, or of several together. */
export interface Cost {
  /** Number of trained values. */
  readonly parameters: number;
  /**
   * Number of trained values that a gradient can reach at this input size. Excluded are a kernel's taps that only ever
   * meet padding, and a bias in front of a batch norm, which subtracts any constant again.
   */
  readonly liveParameters: number;
  /** Number of multiplications, each with an addition, in the forward pass of the whole batch. */
  readonly multAdds: number;
  /** Memory in bytes; see the head of this file. */
  readonly weightBytes: number;
  readonly gradientBytes: number;
  readonly adamBytes: number;
  readonly activationBytes: number;
}

/** A layer with its cost. */
export interface CostedLayer {
  readonly traced: TracedLayer;
  /** Cost of the layer with all layers inside it. */
  readonly cost: Cost;
  readonly children: readonly CostedLayer[];
}

/**
 * The cost of every layer of a trace.
 *
 * @param traced the layers in order, from `traceShapes`
 * @param batch images in a batch, ≥ 1
 */
export function costsOf(traced: readonly TracedLayer[], batch: number): readonly CostedLayer[] {
  return costsOfPath(traced, batch, false);
}

/** The cost of several layers together. */
export function sumCosts(costs: readonly Cost[]): Cost {
  const sum = (part: keyof Cost) => costs.reduce((total, cost) => total + cost[part], 0);
  return {
    parameters: sum('parameters'),
    liveParameters: sum('liveParameters'),
    multAdds: sum('multAdds'),
    weightBytes: sum('weightBytes'),
    gradientBytes: sum('gradientBytes'),
    adamBytes: sum('adamBytes'),
    activationBytes: sum('activationBytes'),
  };
}

/** Memory of a training step, in bytes. */
export function trainingBytes({ weightBytes, gradientBytes, adamBytes, activationBytes }: Cost): number {
  return weightBytes + gradientBytes + adamBytes + activationBytes;
}

/** Size of a float32. */
export const FLOAT_BYTES = 4;

/**
 * The costs of layers that follow one another.
 *
 * @param inputIsKept whether an earlier layer already keeps the first layer's input
 */
function costsOfPath(traced: readonly TracedLayer[], batch: number, inputIsKept: boolean): CostedLayer[] {
  let isKept = inputIsKept;
  return traced.map((layer, index) => {
    const costed = costOfLayer(layer, batch, isKept, traced[index + 1]?.layer.kind === 'batchNorm');
    isKept = keepsOutput(layer.layer, isKept);
    return costed;
  });
}

function costOfLayer(traced: TracedLayer, batch: number, inputIsKept: boolean, normFollows: boolean): CostedLayer {
  const own = ownCost(traced, batch, inputIsKept, normFollows);
  const children = pathsOf(traced).flatMap((path) => costsOfPath(path, batch, inputIsKept));
  return { traced, cost: sumCosts([own, ...children.map(({ cost }) => cost)]), children };
}

/** The cost of a layer without the layers inside it. */
function ownCost(traced: TracedLayer, batch: number, inputIsKept: boolean, normFollows: boolean): Cost {
  const { layer, output, children } = traced;
  const parameters = children.length > 0 ? [] : parametersOf([traced]);
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const live = trainable.filter(({ kind }) => !(kind === 'bias' && normFollows)).reduce(addValues, 0);
  const count = countTrainable(parameters);
  const positions = layer.kind === 'convolution' ? sizeOf(output.slice(1)) : 1;
  return {
    parameters: count,
    liveParameters: live,
    multAdds: count * positions * batch,
    weightBytes: FLOAT_BYTES * parameters.filter(({ kind }) => kind !== 'batchCount').reduce(addValues, 0),
    gradientBytes: FLOAT_BYTES * live,
    adamBytes: 2 * FLOAT_BYTES * trainable.reduce(addValues, 0),
    activationBytes: FLOAT_BYTES * keptValues(traced, batch, inputIsKept),
  };
}

/** Adds the values of a parameter that are on the device. */
function addValues(sum: number, { shape, live }: Parameter): number {
  const [out = 1, input = 1] = shape;
  return sum + (live ? out * input * live.rows.count * live.columns.count : sizeOf(shape));
}

/** Values that a layer itself keeps for the backward pass. */
function keptValues({ layer, input, output }: TracedLayer, batch: number, inputIsKept: boolean): number {
  const ofInput = inputIsKept ? 0 : batch * sizeOf(input);
  const ofOutput = batch * sizeOf(output);
  switch (layer.kind) {
    case 'convolution': {
      const { ofImage, ofFilter } = convolutionCopies(input, layer.outChannels, layer);
      return (batch * ofImage || ofInput) + ofFilter;
    }
    case 'batchNorm':
      return ofInput + 2 * (input[0] ?? 0);
    case 'maxPool':
      return (batch * maxPoolCopy(input, layer) || ofInput) + ofOutput;
    case 'dense':
      return ofInput;
    case 'relu':
    case 'residual': // ends with a ReLU
      return ofOutput;
    case 'globalAveragePool':
    case 'flatten':
    case 'sequential':
      return 0;
  }
}

/**
 * Whether a layer's output is kept already when the next layer needs it. The input of a residual layer always is in a
 * ResNet: it comes from a ReLU, a pool or a residual layer.
 */
function keepsOutput(layer: Layer, inputIsKept: boolean): boolean {
  switch (layer.kind) {
    case 'relu':
    case 'maxPool':
    case 'residual':
      return true;
    case 'flatten': // shares its input's memory
      return inputIsKept;
    case 'sequential':
      return layer.layers.reduce((isKept, inner) => keepsOutput(inner, isKept), inputIsKept);
    case 'convolution':
    case 'batchNorm':
    case 'globalAveragePool':
    case 'dense':
      return false;
  }
}
