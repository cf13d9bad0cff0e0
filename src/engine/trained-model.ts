/**
 * A model in training: its weights, their exponential moving average, Adam's moments and the count of steps. Both
 * engines hold one.
 *
 * Dead weights are those that only ever multiply padding: of a 3×3 kernel with padding 1 on a map of one pixel, all but
 * the centre. They get no gradient, so they are not on the device. AdamW (Loshchilov & Hutter 2019) still shrinks them:
 * after t steps each is its initial value × ∏(1 − lr·λ), e.g. 0.9 of it after one step with lr·λ = 0.1, 0.81 after two.
 * A state keeps the initial values and this product, `deadWeightScale`; `withDecayApplied` multiplies them.
 */
import { type Normalisation, USUAL_NORMALISATION } from '../dataset/normalisation.ts';
import { Model, type ModelState, type OptimizerState } from '../model/model.ts';
import { toRuntime, type Values } from '../model/parameter-layout.ts';
import type { Runtime } from '../runtime/open.ts';
import type { AdamMoments, Ops } from '../runtime/ops.ts';
import type { Variable } from '../runtime/tensor.ts';
import { type AdamStep, adamStep } from './adam.ts';
import type { EngineSource } from './engine.ts';
import { type Hyperparameters, PLAIN_ADAM } from './hyperparameters.ts';

/** Adam's moments of each trained parameter, by the parameter's name. */
type Moments = ReadonlyMap<string, AdamMoments>;

/** Weights, moments, average and counts of a model in training. */
export class TrainedModel {
  readonly model: Model;
  /** Exponential moving average of the weights and running statistics; absent without `ema`. */
  readonly average: Model | undefined;
  readonly hyperparameters: Hyperparameters;
  readonly normalisation: Normalisation;
  readonly #initialOptimizer: OptimizerState | undefined;
  #moments: Moments | undefined;
  #step: number;
  #deadWeightScale: number;
  /** Exponential moving average of `#deadWeightScale`. */
  #averagedDeadWeightScale: number;

  /** @param runtime its ops make the variables: on the device, or in a graph */
  constructor(runtime: Runtime, source: EngineSource) {
    const { network, parameters, state, hyperparameters = PLAIN_ADAM, normalisation = USUAL_NORMALISATION } = source;
    this.model = new Model(runtime, network, parameters, state);
    this.average = hyperparameters.ema > 0 ? averageOf(runtime, source) : undefined;
    this.hyperparameters = hyperparameters;
    this.normalisation = normalisation;
    this.#initialOptimizer = state.optimizer;
    this.#step = state.optimizer?.step ?? 0;
    this.#deadWeightScale = state.optimizer?.deadWeightScale ?? 1;
    this.#averagedDeadWeightScale = state.averaged?.deadWeightScale ?? this.#deadWeightScale;
  }

  /** Training steps taken, those before `source.state` included. */
  get step(): number {
    return this.#step;
  }

  /** The model to evaluate: the average if there is one. */
  get evaluated(): Model {
    return this.average ?? this.model;
  }

  /** Adam's moments; the first call makes them, so that evaluation alone needs no memory for them. */
  moments(): Moments {
    this.#moments ??= makeMoments(this.model, this.#initialOptimizer);
    return this.#moments;
  }

  /** Scalars of the next step. */
  nextStep(learningRate: number): AdamStep {
    return adamStep(this.#step + 1, learningRate, this.hyperparameters);
  }

  /** Counts a step that has been taken with these scalars. */
  countStep({ decay = 1, averaging = 1 }: AdamStep): void {
    this.#step += 1;
    this.model.batchesTracked += 1;
    this.#deadWeightScale *= decay;
    this.#averagedDeadWeightScale += (this.#deadWeightScale - this.#averagedDeadWeightScale) * averaging;
  }

  /** All variables by their own names: weights and running statistics, moments (once made), averages. */
  variables(): ReadonlyMap<string, Variable> {
    const averages = this.average ? [...this.average.variables()] : [];
    return new Map([
      ...this.model.variables(),
      ...[...(this.#moments ?? [])].flatMap(([parameter, { first, second }]): [string, Variable][] => [
        [momentName(parameter, 'first'), first],
        [momentName(parameter, 'second'), second],
      ]),
      ...averages.map(([parameter, variable]): [string, Variable] => [averageName(parameter), variable]),
    ]);
  }

  /**
   * The state with these values; it has an optimizer once `moments` was called.
   *
   * @param values values of all `variables()`, in the backend's layouts, not to be changed afterwards
   */
  stateOf(values: Values): ModelState {
    const valuesOf = (variableName: (parameter: string) => string): Values => ({
      get: (parameter) => values.get(variableName(parameter)),
    });
    const state = this.model.stateOf(values);
    if (!this.#moments) return state;
    const momentsOf = (which: keyof AdamMoments) =>
      this.model.onHost(valuesOf((parameter) => momentName(parameter, which)));
    const optimizer: OptimizerState = {
      step: this.#step,
      deadWeightScale: this.#deadWeightScale,
      first: momentsOf('first'),
      second: momentsOf('second'),
    };
    if (!this.average) return { ...state, optimizer };
    const averaged = this.average.stateOf(valuesOf(averageName)).values;
    return { ...state, optimizer, averaged: { values: averaged, deadWeightScale: this.#averagedDeadWeightScale } };
  }

  dispose(): void {
    this.model.dispose();
    this.average?.dispose();
    for (const { first, second } of this.#moments?.values() ?? []) {
      first.dispose();
      second.dispose();
    }
  }
}

/** The model of the average, with its own variables. It begins with the average in the state, else with the weights. */
function averageOf(runtime: Runtime, { network, parameters, state }: EngineSource): Model {
  const { ops } = runtime;
  const variable: Ops['variable'] = (name, ...facts) => ops.variable(averageName(name), ...facts);
  const values = state.averaged?.values ?? state.values;
  return new Model({ ...runtime, ops: { ...ops, variable } }, network, parameters, { ...state, values });
}

/**
 * Makes the variables of Adam's moments.
 *
 * @param initial state with their initial values; default: zeros
 */
function makeMoments(model: Model, initial: OptimizerState | undefined): Moments {
  const { ops } = model.runtime;
  return new Map(
    model.trainable().map(({ parameter, variable: { shape } }) => {
      const moment = (which: keyof AdamMoments) => {
        const value = initial?.[which].get(parameter.name);
        return ops.variable(momentName(parameter.name, which), shape, value && toRuntime(parameter, value)[0]);
      };
      return [parameter.name, { first: moment('first'), second: moment('second') }];
    }),
  );
}

/** Name of a moment's variable. */
function momentName(parameter: string, which: keyof AdamMoments): string {
  return `${parameter}/adam/${which}`;
}

/**
 * Name of an average's variable. `ema/` is a prefix and not a suffix: TensorFlow refuses a node whose name is a path
 * prefix of an earlier one.
 */
function averageName(parameter: string): string {
  return `ema/${parameter}`;
}
