/** States of models: new ones, and what is compared of them. */

import type { Model, ModelState } from '../../src/model/model.ts';
import type { Values } from '../../src/model/parameter-layout.ts';
import { initialValues, type Parameter } from '../../src/net/parameters.ts';
import { RandomGenerator } from '../../src/random.ts';
import { valueOfVariable } from '../../src/runtime/tensor.ts';

/** Random weights, the same for the same seed, of a model that has seen no batch. */
export function initialState(parameters: readonly Parameter[], seed = 1): ModelState {
  return { values: initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation')), batchesTracked: 0 };
}

/** The values that there are, in the order of the parameters. */
export function valuesOf(parameters: readonly Parameter[], values: Values): Map<string, Float32Array> {
  return new Map(
    parameters.flatMap(({ name }) => {
      const value = values.get(name);
      return value ? [[name, value] as const] : [];
    }),
  );
}

/** A state, all of it laid out, so that two can be compared to the last bit. */
export function laidOut(parameters: readonly Parameter[], { values, batchesTracked, optimizer }: ModelState) {
  const all = (each: Values) => valuesOf(parameters, each);
  return {
    values: all(values),
    batchesTracked,
    ...(optimizer && {
      optimizer: { ...optimizer, first: all(optimizer.first), second: all(optimizer.second) },
    }),
  };
}

/** A copy of a model's present state. */
export function stateOfModel(model: Model): ModelState {
  return model.stateOf(new Map([...model.variables()].map(([name, variable]) => [name, valueOfVariable(variable)])));
}
