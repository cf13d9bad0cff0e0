/** The parameter list of a network: weights and buffers, under PyTorch's names and in PyTorch's layouts. */
import type { RandomGenerator } from '../random.ts';
import { type LiveWindow, liveTaps } from '../runtime/convolution/window-geometry.ts';
import { type Part, partsOf } from './parts.ts';
import { leaves, type TracedLayer } from './trace.ts';

/**
 * Kinds of parameters, with their shapes:
 *
 * - `convolutionWeight` [out, in, kernel, kernel], `denseWeight` [out, in], `bias` [out]
 * - `scale`, `shift` (γ, β of batch norm) [channels]
 * - `runningMean`, `runningVariance` [channels] and `batchCount` [] of batch norm: buffers, which no gradient reaches
 */
type ParameterKind =
  | 'convolutionWeight'
  | 'denseWeight'
  | 'bias'
  | 'scale'
  | 'shift'
  | 'runningMean'
  | 'runningVariance'
  | 'batchCount';

/** A tensor of the network: trained, or a buffer of batch norm. */
export interface Parameter {
  /** Key in the `state_dict`, e.g. `resnet_block2.residual_0.conv3.weight`. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** The part of the network that it belongs to. */
  readonly part: Part;
  /** Shape in PyTorch's layout. */
  readonly shape: readonly number[];
  /** Number of products summed into one output value of the layer: it scales a uniform initialisation. */
  readonly fanIn: number;
  /** Standard deviation of a normal initialisation; absent for any other. */
  readonly deviation?: number;
  /** True for weights and biases, false for buffers. */
  readonly trainable: boolean;
  /**
   * Taps of a convolution's weight that meet a pixel at this input size; the others are never trained. Absent for other
   * kinds.
   */
  readonly live?: LiveWindow;
}

/** The parameters of every layer of a trace, buffers included, in the order of the layers. */
export function parametersOf(traced: readonly TracedLayer[]): Parameter[] {
  const partOf = partsOf({ layers: traced.map(({ layer }) => layer) });
  return leaves(traced).flatMap((leaf) => parametersOfLayer(leaf, partOf(leaf.path)));
}

/** Number of trained values, as `sum(p.numel() for p in net.parameters())` counts them. */
export function countTrainable(parameters: readonly Parameter[]): number {
  return parameters.filter(({ trainable }) => trainable).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Number of values in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Number of the parameters' values that are on the device: of a kernel, those of its live taps. */
export function countOnDevice(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { shape, live }) => {
    const [out = 1, input = 1] = shape;
    return sum + (live ? out * input * live.rows.count * live.columns.count : sizeOf(shape));
  }, 0);
}

/**
 * Initial values: of a convolution as its layer says; of a dense layer uniform within ±1/√fan-in (PyTorch's default);
 * of a batch norm the identity. The batch count starts at 0 and is not part of the result.
 *
 * @returns values by name, each in PyTorch's layout
 */
export function initialValues(parameters: readonly Parameter[], generator: RandomGenerator): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const { name, kind, shape, fanIn, deviation } of parameters) {
    if (kind === 'batchCount') continue;
    const value = new Float32Array(sizeOf(shape));
    if (kind === 'scale' || kind === 'runningVariance') value.fill(1);
    else if (deviation !== undefined) generator.fillNormal(value, deviation);
    else if (kind.endsWith('Weight') || kind === 'bias') generator.fillUniform(value, 1 / Math.sqrt(fanIn));
    values.set(name, value);
  }
  return values;
}

function parametersOfLayer({ layer, path, input }: TracedLayer, part: Part): Parameter[] {
  const parameter = (suffix: string, kind: ParameterKind, shape: readonly number[], fanIn = 0): Parameter => {
    const trainable = !['runningMean', 'runningVariance', 'batchCount'].includes(kind);
    return { name: `${path}.${suffix}`, kind, part, shape, fanIn, trainable };
  };
  const [channels = 0, height = 0, width = 0] = input; // a dense layer's input is [features]
  switch (layer.kind) {
    case 'convolution': {
      const { outChannels, kernel } = layer;
      const fanIn = channels * kernel ** 2;
      const weight = parameter('weight', 'convolutionWeight', [outChannels, channels, kernel, kernel], fanIn);
      const live = { rows: liveTaps(height, layer), columns: liveTaps(width, layer) };
      const drawn = layer.initialisation === 'normal' ? { deviation: Math.sqrt(2 / (outChannels * kernel ** 2)) } : {};
      const bias = layer.bias ? [parameter('bias', 'bias', [outChannels], fanIn)] : [];
      return [{ ...weight, live, ...drawn }, ...bias];
    }
    case 'batchNorm':
      return [
        parameter('weight', 'scale', [channels]),
        parameter('bias', 'shift', [channels]),
        parameter('running_mean', 'runningMean', [channels]),
        parameter('running_var', 'runningVariance', [channels]),
        parameter('num_batches_tracked', 'batchCount', []),
      ];
    case 'dense':
      return [
        parameter('weight', 'denseWeight', [layer.outFeatures, channels], channels),
        parameter('bias', 'bias', [layer.outFeatures], channels),
      ];
    default:
      return [];
  }
}

/** Path of the layer that a parameter belongs to. */
export function layerOf({ name }: Pick<Parameter, 'name'>): string {
  return name.slice(0, name.lastIndexOf('.'));
}
