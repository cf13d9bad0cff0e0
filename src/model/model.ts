/** A network with its values on a backend. They come from the host, and return to it, in PyTorch's layouts. */
import { type ForwardContext, forward } from '../net/forward.ts';
import type { Sequential } from '../net/layers.ts';
import { type Parameter, sizeOf } from '../net/parameters.ts';
import { type BodyPart, type Part, partsOf } from '../net/parts.ts';
import type { Runtime } from '../runtime/open.ts';
import type { Tensor, Variable } from '../runtime/tensor.ts';
import { type Decayed, fromRuntime, toRuntime, type Values } from './parameter-layout.ts';

/** A model's state on the host. */
export interface ModelState {
  /** Values of all parameters and running statistics; dead weights have their initial values. */
  readonly values: Values;
  /** Batches that the running statistics have seen: PyTorch's `num_batches_tracked`, equal in every batch norm. */
  readonly batchesTracked: number;
  /** The counts by name where a file of another tool has several, as after a training with frozen parts. */
  readonly batchCounts?: ReadonlyMap<string, number>;
  /** State of Adam; absent before the first epoch. */
  readonly optimizer?: OptimizerState;
  /** Exponential moving average of the values; absent without --ema. */
  readonly averaged?: AveragedState;
}

/** Exponential moving average over the steps, on the host. */
interface AveragedState extends Decayed {
  readonly values: Values;
}

/** Adam's state on the host. */
export interface OptimizerState extends Decayed {
  /** Steps taken. */
  readonly step: number;
  /** The parts that were frozen when training began, and how far they are; absent if there were none. */
  readonly frozen?: FrozenState;
  /**
   * Running means of the gradients (first) and of their squares (second) of the trained parameters; those of frozen
   * parts have none before their first step.
   */
  readonly first: Values;
  readonly second: Values;
}

/** Parts that are frozen when training begins. */
export interface FrozenState extends NonNullable<Decayed['frozen']> {
  readonly parts: readonly BodyPart[];
  /** Steps taken on them since they were thawed; 0: they are still frozen, and have no moments. */
  readonly steps: number;
}

/** Parts that are computed as in evaluation, in training too. */
export interface Frozen {
  readonly parts: ReadonlySet<Part>;
  /** See `ForwardContext.constant`, for values of these parts; default: each is computed when it is used. */
  readonly constant?: ForwardContext['constant'] | undefined;
}

const NOTHING_FROZEN: Frozen = { parts: new Set() };

/** A network with a variable for each of its values. */
export class Model {
  readonly runtime: Runtime;
  readonly network: Sequential;
  readonly parameters: readonly Parameter[];
  /** See `ModelState`; the training step's caller counts it up. */
  batchesTracked: number;
  readonly #variables: ReadonlyMap<string, Variable>;
  readonly #initial: ModelState;
  readonly #partOf: (path: string) => Part;

  /**
   * Makes a variable for each value.
   *
   * @param parameters parameters of the network, from `parametersOf`
   * @param state a value for each of them, except the batch counts
   */
  constructor(runtime: Runtime, network: Sequential, parameters: readonly Parameter[], state: ModelState) {
    this.runtime = runtime;
    this.batchesTracked = state.batchesTracked;
    this.#initial = state;
    this.network = network;
    this.#partOf = partsOf(network);
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

  /**
   * Parameters that gradients may reach, with their variables.
   *
   * @param frozen parts to leave out; default: none
   */
  trainable(frozen = NOTHING_FROZEN): { parameter: Parameter; variable: Variable }[] {
    return this.parameters
      .filter(({ trainable, part }) => trainable && !frozen.parts.has(part))
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
   * @param training whether to normalise by the batch's statistics and move the running ones
   * @param weights values of the trainable parameters, where they are inputs of a gradient; default: read from
   *   variables
   * @param frozen default: nothing
   */
  logits(images: Tensor, training: boolean, weights?: ReadonlyMap<string, Tensor>, frozen = NOTHING_FROZEN): Tensor {
    const { tf, ops } = this.runtime;
    const isFrozen = (path: string) => frozen.parts.has(this.#partOf(path));
    const context: ForwardContext = {
      tf,
      ops,
      training: (path) => training && !isFrozen(path),
      constant: (name, compute) => (isFrozen(name) && frozen.constant ? frozen.constant(name, compute) : compute()),
      parameter: (name) => weights?.get(name) ?? this.variable(name).read(),
      statistic: (name) => this.variable(name),
    };
    return forward(this.network, images, context);
  }

  /** All variables by parameter name. */
  variables(): ReadonlyMap<string, Variable> {
    return this.#variables;
  }

  /**
   * The state with these values.
   *
   * @param present values of all variables by parameter name, in the backend's layouts, not to be changed afterwards
   */
  stateOf(present: Values): ModelState {
    return { values: this.onHost(present, this.#initial.values), batchesTracked: this.batchesTracked };
  }

  /**
   * A view of values in PyTorch's layouts, which lays a value out when it is read.
   *
   * @param present values in the backend's layouts
   * @param dead whole kernels in PyTorch's layout, whose values the dead taps get; default: zeros
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
