/** What a recorded training step is fed: the types, the inputs of the step made of them, and the values. */
import { TRANSFORM_SIZE } from '../dataset/augmentation.ts';
import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { TensorType } from '../runtime/graph/session-variables.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { AdamStep } from './adam.ts';
import type { GroupInputs, StepInputs } from './step.ts';
import type { StepScalars } from './trained-model.ts';

/**
 * Types of the feeds beside the batch's own, by name; see `GraphDataset.inputTypes`.
 *
 * @param step any step with the groups of the recorded one
 * @param count images of the batch
 */
export function feedTypesOf(
  step: StepScalars,
  count: number,
  augmented: boolean,
): Readonly<Record<string, TensorType>> {
  const scalars = Object.keys(scalarsOf(step)).map((name): [string, TensorType] => {
    return [name, { dtype: 'float32', shape: [] }];
  });
  return {
    ...Object.fromEntries(scalars),
    ...(augmented ? { transforms: { dtype: 'float32', shape: [count, TRANSFORM_SIZE] } } : {}),
  };
}

/** The inputs of a step among its feeds; see `feedTypesOf`. */
export function stepInputsOf({ groups }: StepScalars, fed: Readonly<Record<string, Tensor>>): StepInputs {
  const { averaging, transforms } = fed;
  return {
    groups: groups.map((group, index) => groupInputs(group, index, fed)),
    ...(averaging ? { averaging } : {}),
    ...(transforms ? { transforms } : {}),
  };
}

/**
 * Values of the feeds beside the batch's own.
 *
 * @param count images of the batch
 */
export function feedsOf(count: number, step: StepScalars, transforms?: Float32Array): Record<string, HostTensor> {
  const scalars = Object.entries(scalarsOf(step)).map(([name, value]): [string, HostTensor] => {
    return [name, { dtype: 'float32', shape: [], data: Float32Array.of(value) }];
  });
  const shape = [count, TRANSFORM_SIZE];
  return {
    ...(transforms ? { transforms: { dtype: 'float32', shape, data: transforms } } : {}),
    ...Object.fromEntries(scalars),
  };
}

/** All scalars of a step by the name of their input. */
function scalarsOf({ groups, averaging }: StepScalars): Record<string, number> {
  const named = groups.flatMap((group, index) => {
    return Object.entries<number>({ ...group }).map(([name, value]) => [inputName(name, index), value] as const);
  });
  return { ...Object.fromEntries(named), ...(averaging === undefined ? {} : { averaging }) };
}

/** The inputs of one group among those of a step. */
function groupInputs(group: AdamStep, index: number, inputs: Readonly<Record<string, Tensor>>): GroupInputs {
  const entries = Object.keys(group).map((name) => [name, inputs[inputName(name, index)]]);
  return Object.fromEntries(entries);
}

/** Name of a scalar's input; the first group's is that of the scalar. */
function inputName(scalar: string, group: number): string {
  return group === 0 ? scalar : `group_${group}.${scalar}`;
}

/** Indices of images, as the graph is fed them. */
export function vectorOf(indices: Int32Array): HostTensor {
  return { dtype: 'int32', shape: [indices.length], data: indices };
}
