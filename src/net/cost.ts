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
 * - activations: tensors that the forward pass keeps for the backward pass; see `kept-activations.ts`.
 *   test/engine/kept-activations.slow.test.ts compares the sum with the recorded step
 *
 * Frozen parts have weights, but neither gradients nor moments.
 *
 * Not counted: the data set, the gradients of activations, the kernels' scratch memory, the process itself.
 */
import { type Flow, flowAfter, keepsInput, keptValues, type LayerTraining, OF_IMAGES } from './kept-activations.ts';
import { countOnDevice, countTrainable, layerOf, type Parameter, parametersOf, sizeOf } from './parameters.ts';
import { type BodyPart, type Part, partsOf } from './parts.ts';
import { pathsOf, type TracedLayer } from './trace.ts';

/** Cost of one layer, or of several together. */
export interface Cost {
  /** Number of values that training finds, those of frozen parts included. */
  readonly parameters: number;
  /** Number of values that are trained: those of frozen parts are not. */
  readonly trainedParameters: number;
  /**
   * Number of values, frozen or not, that a gradient can reach at this input size. Excluded are a kernel's taps that only ever
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
 * @param frozen parts that are not trained; default: none
 */
export function costsOf(
  traced: readonly TracedLayer[],
  batch: number,
  frozen: readonly BodyPart[] = [],
): readonly CostedLayer[] {
  const training = { batch, isFrozen: frozenIn(traced, frozen), parameters: parametersOf(traced) };
  return costsOfPath(traced, OF_IMAGES, training).costed;
}

/**
 * Tells which layers of a trace are frozen.
 *
 * @param frozen parts that are not trained
 * @returns a function of a layer's path
 */
export function frozenIn(traced: readonly TracedLayer[], frozen: readonly Part[]): (path: string) => boolean {
  if (frozen.length === 0) return () => false;
  const partOf = partsOf({ layers: traced.map(({ layer }) => layer) });
  return (path) => frozen.includes(partOf(path));
}

/** The cost of several layers together. */
export function sumCosts(costs: readonly Cost[]): Cost {
  const sum = (part: keyof Cost) => costs.reduce((total, cost) => total + cost[part], 0);
  return {
    parameters: sum('parameters'),
    trainedParameters: sum('trainedParameters'),
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

/** How a network is trained. */
interface Training {
  readonly batch: number;
  /** Tells whether the layer at a path is frozen. */
  readonly isFrozen: (path: string) => boolean;
  /** The network's parameters. */
  readonly parameters: readonly Parameter[];
}

/** The costs of layers that follow one another, and what is known of the last one's output. */
function costsOfPath(
  traced: readonly TracedLayer[],
  before: Flow,
  training: Training,
): { costed: CostedLayer[]; after: Flow } {
  let after = before;
  const costed = traced.map((layer, index) => {
    const step = costOfLayer(layer, after, training, traced[index + 1]?.layer.kind === 'batchNorm');
    after = step.after;
    return step.costed;
  });
  return { costed, after };
}

function costOfLayer(
  traced: TracedLayer,
  before: Flow,
  training: Training,
  normFollows: boolean,
): { costed: CostedLayer; after: Flow } {
  const trained = !training.isFrozen(traced.path);
  let { isKept } = before;
  const paths = pathsOf(traced).map((path) => {
    const found = costsOfPath(path, { ...before, isKept }, training);
    const [first] = path;
    isKept ||= first !== undefined && keepsInput(first, trained, before); // for the other path
    return found;
  });
  const after = flowAfter(
    traced,
    trained,
    before,
    paths.map((path) => path.after),
  );
  const parameters = training.parameters.filter((parameter) => layerOf(parameter) === traced.path);
  const own = ownCost(traced, parameters, { batch: training.batch, trained, normFollows, before, after });
  const children = paths.flatMap(({ costed }) => costed);
  return { costed: { traced, cost: sumCosts([own, ...children.map(({ cost }) => cost)]), children }, after };
}

/** The cost of a layer without the layers inside it. */
function ownCost(traced: TracedLayer, parameters: readonly Parameter[], training: LayerTraining): Cost {
  const { layer, output } = traced;
  const { batch, trained, normFollows } = training;
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const live = countOnDevice(trainable.filter(({ kind }) => !(kind === 'bias' && normFollows)));
  const count = countTrainable(parameters);
  const positions = layer.kind === 'convolution' ? sizeOf(output.slice(1)) : 1;
  return {
    parameters: count,
    trainedParameters: trained ? count : 0,
    liveParameters: live,
    multAdds: count * positions * batch,
    weightBytes: FLOAT_BYTES * countOnDevice(parameters.filter(({ kind }) => kind !== 'batchCount')),
    gradientBytes: trained ? FLOAT_BYTES * live : 0,
    adamBytes: trained ? 2 * FLOAT_BYTES * countOnDevice(trainable) : 0,
    activationBytes: FLOAT_BYTES * keptValues(traced, training),
  };
}
