/** What a recorded training step is fed: the values, their types, and the inputs of the step made of them. */
import type { ImageChanges } from '../dataset/augmentation.ts';
import type { HostTensor } from '../runtime/graph/data-types.ts';
import type { TensorType } from '../runtime/graph/session-variables.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { AdamStep } from './adam.ts';
import type { GroupInputs, StepInputs } from './step.ts';
import type { StepScalars } from './trained-model.ts';

/** A value that a step is fed. */
export interface Feed extends HostTensor {
  readonly dtype: 'float32';
  readonly data: Float32Array;
}

/** Numbers for each image of a step, float32; absent where the step does without. */
export interface ImageNumbers extends ImageChanges {
  /** Weight of the image in the loss, [count]; see `LossWeights`. */
  readonly weights?: Float32Array | undefined;
  /** See `StepInputs`: [1]. */
  readonly weightSum?: Float32Array | undefined;
}

/** What a step with such numbers is called: part of the name of its recording. */
const NAMES_WITH: Readonly<Record<keyof ImageNumbers, string>> = {
  transforms: '_augmented',
  crops: '_cropped',
  colours: '_recoloured',
  weights: '_weighted',
  weightSum: '_in_part',
};

/** Name of the recording of a step with these numbers, on so many images. */
export function stepName(count: number, numbers: ImageNumbers): string {
  const names = Object.entries(NAMES_WITH).filter(([name]) => numbers[name as keyof ImageNumbers]);
  return `train_${count}${names.map(([, name]) => name).join('')}`;
}

/**
 * Values of the feeds beside the batch's own, by name; see `GraphDataset.feeds`.
 *
 * @param count images of the batch
 */
export function feedsOf(count: number, step: StepScalars, numbers: ImageNumbers): Record<string, Feed> {
  const scalars = Object.entries(scalarsOf(step)).map(([name, value]): [string, Feed] => {
    return [name, { dtype: 'float32', shape: [], data: Float32Array.of(value) }];
  });
  return { ...Object.fromEntries(scalars), ...numbersOf(numbers, count) };
}

/** Numbers of images by the name of their feed: [count], or [count, size] where an image has several. */
function numbersOf(numbers: ImageNumbers, count: number): Record<string, Feed> {
  const entries = Object.entries<Float32Array | undefined>({ ...numbers }).flatMap(([name, data]): [string, Feed][] => {
    if (!data) return [];
    if (name === 'weightSum') return [[name, { dtype: 'float32', shape: [], data }]];
    const shape = name === 'weights' ? [count] : [count, data.length / count];
    return [[name, { dtype: 'float32', shape, data }]];
  });
  return Object.fromEntries(entries);
}

/** Types of feeds. */
export function typesOf(feeds: Readonly<Record<string, HostTensor>>): Record<string, TensorType> {
  return Object.fromEntries(Object.entries(feeds).map(([name, { dtype, shape }]) => [name, { dtype, shape }]));
}

/**
 * The inputs of a step among its feeds.
 *
 * @param step any step with the groups of the recorded one
 */
export function stepInputsOf({ groups }: StepScalars, fed: Readonly<Record<string, Tensor>>): StepInputs {
  const { averaging, weights, weightSum, transforms, crops, colours } = fed;
  return {
    groups: groups.map((group, index) => groupInputs(group, index, fed)),
    ...(averaging ? { averaging } : {}),
    ...(weights ? { weights } : {}),
    ...(weightSum ? { weightSum } : {}),
    changes: {
      ...(transforms ? { transforms } : {}),
      ...(crops ? { crops } : {}),
      ...(colours ? { colours } : {}),
    },
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
