/** Variables that a training has beside the model's: Adam's moments, and the exponential moving average. */
import { Model, type OptimizerState } from '../model/model.ts';
import { toRuntime } from '../model/parameter-layout.ts';
import type { Parameter } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import type { AdamMoments, Ops } from '../runtime/ops.ts';
import type { Variable } from '../runtime/tensor.ts';
import type { EngineSource } from './engine.ts';

/** The model of the average, with its own variables. It begins with the average in the state, else with the weights. */
export function averageOf(runtime: Runtime, { network, parameters, state }: EngineSource): Model {
  const { ops } = runtime;
  const variable: Ops['variable'] = (name, ...facts) => ops.variable(averageName(name), ...facts);
  const values = state.averaged?.values ?? state.values;
  return new Model({ ...runtime, ops: { ...ops, variable } }, network, parameters, { ...state, values });
}

/**
 * Makes the variables of a parameter's moments.
 *
 * @param initial state with their initial values; default: zeros
 */
export function makeMoments(
  { runtime: { ops } }: Model,
  parameter: Parameter,
  { shape }: Variable,
  initial: OptimizerState | undefined,
): AdamMoments {
  const moment = (which: keyof AdamMoments) => {
    const value = initial?.[which].get(parameter.name);
    return ops.variable(momentName(parameter.name, which), shape, value && toRuntime(parameter, value)[0]);
  };
  return { first: moment('first'), second: moment('second') };
}

/** Name of a moment's variable. */
export function momentName(parameter: string, which: keyof AdamMoments): string {
  return `${parameter}/adam/${which}`;
}

/**
 * Name of an average's variable. `ema/` is a prefix and not a suffix: TensorFlow refuses a node whose name is a path
 * prefix of an earlier one.
 */
export function averageName(parameter: string): string {
  return `ema/${parameter}`;
}
