/** A network with its values on a backend: made from, and read back as, PyTorch-layout tensors. */

import { type ForwardContext, forward } from '../net/forward.ts';
import type { Sequential } from '../net/layers.ts';
import { type Parameter, sizeOf } from '../net/parameters.ts';
import type { Runtime } from '../runtime/open.ts';
import { type Tensor, type Variable, valueOfVariable } from '../runtime/tensor.ts';
import { fromRuntime, toRuntime, type Values } from './parameter-layout.ts';

/** A model's state on the host. */
export interface ModelState {
  /** Of all parameters and running statistics. */
  readonly values: Values;
  /** Batches that the running statistics have seen: PyTorch's `num_batches_tracked`, the same for every batch norm. */
  readonly batchesTracked: number;
  /** Of whoever trains it; absent before the first epoch. */
  readonly optimizer?: OptimizerState;
  /** Their moving average; absent where there is none. */
  readonly averaged?: AveragedState;
}

/** What was averaged over the steps. */
export interface AveragedState {
  readonly values: Values;
  /** As `OptimizerState.deadWeightScale`, averaged alike. */
  readonly deadWeightScale: number;
}

/** Adam's state on the host. */
export interface OptimizerState {
  /** Steps taken. */
  readonly step: number;
  /**
   * Product of 1 − lr·λ over the steps taken, by which AdamW has shrunk the dead weights: those that only ever multiply
   * padding. They get no gradient, so they are not on the device: the state keeps their initial values, and
   * `withDecayApplied` multiplies them by this scale. 1 without weight decay.
   */
  readonly deadWeightScale: number;
  /** Running means of the gradients and of their squares, of the trained parameters. */
  readonly first: Values;
  readonly second: Values;
}

export class Model {
  readonly runtime: Runtime;
  readonly network: Sequential;
  readonly parameters: readonly Parameter[];
  /** See `ModelState`; whoever trains the model counts it up. */
  batchesTracked: number;
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #initial: ModelState;

  /**
   * @param parameters the network's, from `parametersOf`
   * @param state a value for each of them, except the batch counts
   */
  constructor(runtime: Runtime, network: Sequential, parameters: readonly Parameter[], state: ModelState) {
    this.runtime = runtime;
    this.batchesTracked = state.batchesTracked;
    this.#initial = state;
    this.network = network;
    this.parameters = parameters;
    this.#variables = new Map(
      parameters
        .filter(({ kind }) => kind !== 'batchCount')
        .map((parameter) => {
          const value = state.values.get(parameter.name);
          if (value?.length !== sizeOf(parameter.shape)) throw new Error(`no value for ${parameter.name}`);
          const [data, shape] = toRuntime(parameter, value);
          return [parameter.name, runtime.ops.variable(parameter.name, shape, data)];
        }),
    );
  }

  /** The parameters that gradients may reach, with their variables. */
  trainable(): { parameter: Parameter; variable: Variable }[] {
    return this.parameters
      .filter(({ trainable }) => trainable)
      .map((parameter) => ({ parameter, variable: this.variable(parameter.name) }));
  }

  variable(name: string): Variable {
    const variable = this.#variables.get(name);
    if (!variable) throw new Error(`no variable ${name}`);
    return variable;
  }

  /**
   * Logits [batch, classes] of images [batch, height, width, channels].
   *
   * @param weights values of the trainable parameters where they are inputs of a gradient; default: read as they stand
   */
  logits(images: Tensor, training: boolean, weights?: ReadonlyMap<string, Tensor>): Tensor {
    const { tf, ops } = this.runtime;
    const context: ForwardContext = {
      tf,
      ops,
      training,
      parameter: (name) => weights?.get(name) ?? this.variable(name).read(),
      statistic: (name) => this.variable(name),
    };
    return forward(this.network, images, context);
  }

  /** All variables by PyTorch name. */
  variables(): ReadonlyMap<string, Variable> {
    return this.#variables;
  }

  /** A copy of the present state. */
  state(): ModelState {
    return this.stateOf(new Map([...this.#variables].map(([name, variable]) => [name, valueOfVariable(variable)])));
  }

  /**
   * The state that these values make.
   *
   * @param present values of all variables, in the backend's layouts, not to be changed afterwards
   */
  stateOf(present: Values): ModelState {
    return { values: this.onHost(present, this.#initial.values), batchesTracked: this.batchesTracked };
  }

  /**
   * Values of parameters in PyTorch's layouts, laid out when they are asked for.
   *
   * @param present in the backend's layouts
   * @param dead what kernels hold at the taps that are not on the backend; default: zeros
   */
  onHost(present: Values, dead?: Values): Values {
    const parameters = new Map(this.parameters.map((parameter) => [parameter.name, parameter]));
    return {
      get(name) {
        const [parameter, value] = [parameters.get(name), present.get(name)];
        return parameter && value && fromRuntime(parameter, value, dead?.get(name));
      },
    };
  }

  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
  }
}
