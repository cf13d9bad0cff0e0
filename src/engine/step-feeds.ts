/** What a recorded step is told, as tensors that its graph is fed. */
import { TRANSFORM_SIZE } from '../dataset/augmentation.ts';
import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { AdamStep } from './adam.ts';

/** Indices of images. */
export function vectorOf(indices: Int32Array): HostTensor {
  return { dtype: 'int32', shape: [indices.length], data: indices };
}

/** What a step is told, as the graph is fed it. */
export function trainingInputs(
  indices: Int32Array,
  step: AdamStep,
  transforms?: Float32Array,
): Record<string, HostTensor> {
  const scalars = Object.entries<number>({ ...step }).map(([name, value]): [string, HostTensor] => {
    return [name, { dtype: 'float32', shape: [], data: Float32Array.of(value) }];
  });
  const shape = [indices.length, TRANSFORM_SIZE];
  const maps: Record<string, HostTensor> = transforms
    ? { transforms: { dtype: 'float32', shape, data: transforms } }
    : {};
  return { indices: vectorOf(indices), ...maps, ...Object.fromEntries(scalars) };
}
