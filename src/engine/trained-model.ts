/**
 * A model in training: its weights, their exponential moving average, Adam's moments and the count of steps. Both
 * engines hold one.
 *
 * Frozen parts have no moments and take no steps until `thaw`; then they are a group of parameters whose steps are
 * counted from there.
 *
 * Dead weights are those that only ever multiply padding: of a 3×3 kernel with padding 1 on a map of one pixel, all but
 * the centre. They get no gradient, so they are not on the device. AdamW (Loshchilov & Hutter 2019) still shrinks them:
 * after t steps each is its initial value × ∏(1 − lr·λ), e.g. 0.9 of it after one step with lr·λ = 0.1, 0.81 after two.
 * A state keeps the initial values and this product, `deadWeightScale`; `withDecayApplied` multiplies them.
 */
import { type Normalisation, USUAL_NORMALISATION } from '../dataset/normalisation.ts';
import { type Frozen, Model, type ModelState, type OptimizerState } from '../model/model.ts';
import type { Values } from '../model/parameter-layout.ts';
import type { Parameter } from '../net/parameters.ts';
import type { BodyPart, Part } from '../net/parts.ts';
import type { Runtime } from '../runtime/open.ts';
import type { AdamMoments } from '../runtime/ops.ts';
import type { Variable } from '../runtime/tensor.ts';
import { type AdamStep, averagingAt } from './adam.ts';
import type { EngineSource } from './engine.ts';
import { type Hyperparameters, PLAIN_ADAM } from './hyperparameters.ts';
import { ParameterGroup, trainedGroups } from './parameter-group.ts';
import { averageName, averageOf, makeMoments, momentName } from './training-variables.ts';

/** Adam's moments of each trained parameter, by the parameter's name. */
type Moments = ReadonlyMap<string, AdamMoments>;

/** Scalars of one step. */
export interface StepScalars {
  /** For each group in training. */
  readonly groups: readonly AdamStep[];
  /** Weight of the new weights in the exponential moving average, 0 to 1; absent without an average. */
  readonly averaging?: number;
}

/** A parameter in training. */
interface TrainedParameter {
  readonly parameter: Parameter;
  readonly variable: Variable;
}

/** Weights, moments, average and counts of a model in training. */
export class TrainedModel {
  readonly model: Model;
  /** Exponential moving average of the weights and running statistics; absent without `ema`. */
  readonly average: Model | undefined;
  readonly hyperparameters: Hyperparameters;
  readonly normalisation: Normalisation;
  /** See `EngineSource`. */
  readonly classWeights: Float32Array | undefined;
  /** See `Frozen`; an engine that keeps values sets it. */
  constant: Frozen['constant'];
  readonly #initialOptimizer: OptimizerState | undefined;
  readonly #frozenParts: readonly BodyPart[];
  /** See `trainedGroups`. */
  readonly #groups: readonly ParameterGroup[];
  /** The parts that are frozen when training begins; undefined if there are none. */
  readonly #frozenGroup: ParameterGroup | undefined;
  #isThawed: boolean;
  #moments: Map<string, AdamMoments> | undefined;

  /** @param runtime its ops make the variables: on the device, or in a graph */
  constructor(runtime: Runtime, source: EngineSource) {
    const { network, parameters, state, hyperparameters = PLAIN_ADAM, normalisation = USUAL_NORMALISATION } = source;
    const { frozen = [] } = source;
    this.model = new Model(runtime, network, parameters, state);
    this.average = hyperparameters.ema > 0 ? averageOf(runtime, source) : undefined;
    this.hyperparameters = hyperparameters;
    this.normalisation = normalisation;
    this.classWeights = source.classWeights;
    this.#initialOptimizer = state.optimizer;
    this.#frozenParts = frozen;
    const { step = 0, deadWeightScale = 1, frozen: begun } = state.optimizer ?? {};
    const averagedDeadWeightScale = state.averaged?.deadWeightScale ?? deadWeightScale;
    const counts = { steps: step, deadWeightScale, averagedDeadWeightScale };
    this.#groups = trainedGroups(frozen, hyperparameters, counts);
    if (frozen.length > 0) {
      const { steps = 0, deadWeightScale: scale = 1 } = begun ?? {};
      const averaged = state.averaged?.frozen?.deadWeightScale ?? scale;
      const thawed = { steps, deadWeightScale: scale, averagedDeadWeightScale: averaged };
      this.#frozenGroup = new ParameterGroup(frozen, hyperparameters.bodyRate, hyperparameters, thawed);
    }
    this.#isThawed = begun !== undefined && begun.steps > 0;
  }

  /** Training steps taken, those before `source.state` included. */
  get step(): number {
    return (this.#groups[0] as ParameterGroup).steps;
  }

  /** What is not in training now. */
  get frozen(): Frozen {
    return { parts: new Set<Part>(this.#isThawed ? [] : this.#frozenParts), constant: this.constant };
  }

  /** The groups of parameters in training, in the order of `StepScalars.groups`. */
  get groups(): readonly ParameterGroup[] {
    return this.#frozenGroup && this.#isThawed ? [...this.#groups, this.#frozenGroup] : this.#groups;
  }

  /** The model to evaluate: the average if there is one. */
  get evaluated(): Model {
    return this.average ?? this.model;
  }

  /** Parameters in training, with their variables. */
  trainable(): readonly TrainedParameter[] {
    return this.model.trainable(this.frozen);
  }

  /**
   * Adam's moments of the parameters in training. The first call, and the first after `thaw`, makes those that are
   * missing, so that evaluation and frozen parts need no memory for them.
   */
  moments(): Moments {
    this.#moments ??= new Map();
    for (const { parameter, variable } of this.trainable()) {
      if (this.#moments.has(parameter.name)) continue;
      this.#moments.set(parameter.name, makeMoments(this.model, parameter, variable, this.#initialOptimizer));
    }
    return this.#moments;
  }

  /** See `Engine.thaw`. */
  thaw(): boolean {
    if (!this.#frozenGroup || this.#isThawed) return false;
    this.#isThawed = true;
    this.moments();
    return true;
  }

  /** Scalars of the next step. */
  nextStep(learningRate: number): StepScalars {
    const averaging = averagingAt(this.step + 1, this.hyperparameters);
    return {
      groups: this.groups.map((group) => group.nextStep(learningRate)),
      ...(averaging === undefined ? {} : { averaging }),
    };
  }

  /** Counts a step that has been taken with these scalars. */
  countStep({ groups, averaging }: StepScalars): void {
    this.model.batchesTracked += 1;
    for (const [index, group] of this.groups.entries()) group.countStep(groups[index] as AdamStep, averaging);
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
    const body = this.#groups.at(-1) as ParameterGroup;
    const [frozen, parts] = [this.#frozenGroup, this.#frozenParts];
    const optimizer: OptimizerState = {
      step: this.step,
      deadWeightScale: body.deadWeightScale,
      ...(frozen ? { frozen: { parts, steps: frozen.steps, deadWeightScale: frozen.deadWeightScale } } : {}),
      first: momentsOf('first'),
      second: momentsOf('second'),
    };
    if (!this.average) return { ...state, optimizer };
    const averaged = {
      values: this.average.stateOf(valuesOf(averageName)).values,
      deadWeightScale: body.averagedDeadWeightScale,
      ...(frozen ? { frozen: { parts, deadWeightScale: frozen.averagedDeadWeightScale } } : {}),
    };
    return { ...state, optimizer, averaged };
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
