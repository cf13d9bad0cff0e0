/** A parameter's values in PyTorch's layout, whole, and in the backend's, where a kernel has its live taps only. */
import type { Parameter } from '../net/parameters.ts';
import type { BodyPart } from '../net/parts.ts';
import { type KernelSizes, kernelOfTaps, tapsOfKernel } from './kernel-layout.ts';

/**
 * PyTorch's layout → the backend's.
 *
 * @returns values, of a convolution's kernel those of its live taps, and their shape
 */
export function toRuntime(parameter: Parameter, value: Float32Array): [data: Float32Array, shape: number[]] {
  const { kind, shape, live } = parameter;
  if (!kind.endsWith('Weight')) return [value, [...shape]];
  const sizes = kernelSizes(parameter);
  const [out, input] = sizes;
  const data = tapsOfKernel(value, sizes, live);
  return [data, live ? [live.rows.count, live.columns.count, input, out] : [input, out]];
}

/**
 * The backend's layout → PyTorch's.
 *
 * @param dead a whole kernel in PyTorch's layout, whose values the dead taps get; default: zeros
 */
export function fromRuntime(parameter: Parameter, value: Float32Array, dead?: Float32Array): Float32Array {
  const { kind, live } = parameter;
  if (!kind.endsWith('Weight')) return value;
  return kernelOfTaps(value, dead, kernelSizes(parameter), live);
}

/** How far weight decay has shrunk the dead weights; see engine/trained-model.ts. */
export interface Decayed {
  /** Factor by which it has shrunk them, 0 to 1; 1 without decay. */
  readonly deadWeightScale: number;
  /** The factor of the parts that are frozen when training begins, which decay from the thaw on. */
  readonly frozen?: { readonly parts: readonly BodyPart[]; readonly deadWeightScale: number };
}

/**
 * Values with weight decay applied to the dead weights too; see engine/trained-model.ts.
 *
 * @param values values with the initial dead weights
 * @param decayed default: not at all
 */
export function withDecayApplied(values: Values, parameters: readonly Parameter[], decayed?: Decayed): Values {
  if (!decayed) return values;
  const { deadWeightScale, frozen } = decayed;
  const frozenParts = new Set<string>(frozen?.parts);
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return {
    get(name) {
      const [parameter, value] = [byName.get(name), values.get(name)];
      if (!value || !parameter?.live) return value;
      const scale = frozen && frozenParts.has(parameter.part) ? frozen.deadWeightScale : deadWeightScale;
      if (scale === 1) return value;
      const dead = value.map((each) => each * scale);
      return fromRuntime(parameter, toRuntime(parameter, value)[0], dead);
    },
  };
}

function kernelSizes({ shape: [out = 1, input = 1, height = 1, width = 1] }: Parameter): KernelSizes {
  return [out, input, height, width];
}

/**
 * Values by parameter name, most often in PyTorch's layouts: a map, or a view that lays a value out when it is read.
 */
export type Values = Pick<ReadonlyMap<string, Float32Array>, 'get'>;
