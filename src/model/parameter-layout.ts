/** A parameter's values in PyTorch's layout, whole, and on the backend, only with the taps that ever meet a pixel. */
import type { Parameter } from '../net/parameters.ts';
import { type KernelSizes, kernelOfTaps, tapsOfKernel } from './kernel-layout.ts';

/** PyTorch's layout → TensorFlow's, and its shape; of a convolution's kernel only the live taps are kept. */
export function toRuntime(parameter: Parameter, value: Float32Array): [data: Float32Array, shape: number[]] {
  const { kind, shape, live } = parameter;
  if (!kind.endsWith('Weight')) return [value, [...shape]];
  const sizes = kernelSizes(parameter);
  const [out, input] = sizes;
  const data = tapsOfKernel(value, sizes, live);
  return [data, live ? [live.rows.count, live.columns.count, input, out] : [input, out]];
}

/**
 * TensorFlow's layout → PyTorch's.
 *
 * @param dead a whole kernel: its dead taps are what they are there, since no gradient ever reaches them; default: zeros
 */
export function fromRuntime(parameter: Parameter, value: Float32Array, dead?: Float32Array): Float32Array {
  const { kind, live } = parameter;
  if (!kind.endsWith('Weight')) return value;
  return kernelOfTaps(value, dead, kernelSizes(parameter), live);
}

/**
 * Weights as they are, also where they never meet a pixel and only decay.
 *
 * @param deadWeightScale see `OptimizerState`; default: nothing has
 */
export function withDecayApplied(values: Values, parameters: readonly Parameter[], deadWeightScale = 1): Values {
  if (deadWeightScale === 1) return values;
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return {
    get(name) {
      const [parameter, value] = [byName.get(name), values.get(name)];
      if (!value || !parameter?.live) return value;
      const dead = value.map((each) => each * deadWeightScale);
      return fromRuntime(parameter, toRuntime(parameter, value)[0], dead);
    },
  };
}

function kernelSizes({ shape: [out = 1, input = 1, height = 1, width = 1] }: Parameter): KernelSizes {
  return [out, input, height, width];
}

/** By PyTorch's names, in PyTorch's layouts: a map, or what is laid out only when it is asked for. */
export type Values = Pick<ReadonlyMap<string, Float32Array>, 'get'>;
