/**
 * Groups of parameters that Adam updates with scalars of their own, as PyTorch's `param_groups`: the head, the body,
 * and the parts that are frozen when training begins. Where nothing is frozen and the body has the head's learning
 * rate, all parameters are one group.
 */
import type { Decayed } from '../model/parameter-layout.ts';
import { BODY_PARTS, type BodyPart, type Part } from '../net/parts.ts';
import { type AdamStep, adamStep } from './adam.ts';
import type { Hyperparameters } from './hyperparameters.ts';

/** How far a group is. */
interface GroupState extends Pick<Decayed, 'deadWeightScale'> {
  /** Steps taken on it. */
  readonly steps: number;
  /** Exponential moving average of `deadWeightScale`. */
  readonly averagedDeadWeightScale: number;
}

/** Parts of a network whose parameters share the scalars of a step. */
export class ParameterGroup {
  readonly parts: ReadonlySet<Part>;
  /** Factor of the learning rate. */
  readonly #rate: number;
  readonly #hyperparameters: Hyperparameters;
  #steps: number;
  #deadWeightScale: number;
  #averagedDeadWeightScale: number;

  constructor(parts: readonly Part[], rate: number, hyperparameters: Hyperparameters, state: GroupState) {
    this.parts = new Set(parts);
    this.#rate = rate;
    this.#hyperparameters = hyperparameters;
    this.#steps = state.steps;
    this.#deadWeightScale = state.deadWeightScale;
    this.#averagedDeadWeightScale = state.averagedDeadWeightScale;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Factor by which weight decay has shrunk the group's dead weights; see trained-model.ts. */
  get deadWeightScale(): number {
    return this.#deadWeightScale;
  }

  /** Exponential moving average of `deadWeightScale`. */
  get averagedDeadWeightScale(): number {
    return this.#averagedDeadWeightScale;
  }

  /**
   * Scalars of the group's next step.
   *
   * @param learningRate the head's
   */
  nextStep(learningRate: number): AdamStep {
    return adamStep(this.#steps + 1, learningRate * this.#rate, this.#hyperparameters);
  }

  /**
   * Counts a step that has been taken with these scalars.
   *
   * @param averaging weight of the new weights in the moving average; default: 1, without one
   */
  countStep({ decay = 1 }: AdamStep, averaging = 1): void {
    this.#steps += 1;
    this.#deadWeightScale *= decay;
    this.#averagedDeadWeightScale += (this.#deadWeightScale - this.#averagedDeadWeightScale) * averaging;
  }
}

/**
 * The groups that are trained from the first step on. The first has the head; the last has the parts of the body that
 * are not frozen, if there are any.
 */
export function trainedGroups(
  frozen: readonly BodyPart[],
  hyperparameters: Hyperparameters,
  state: GroupState,
): readonly ParameterGroup[] {
  const { bodyRate } = hyperparameters;
  const body = BODY_PARTS.filter((part) => !frozen.includes(part));
  const group = (parts: readonly Part[], rate: number) => new ParameterGroup(parts, rate, hyperparameters, state);
  if (bodyRate === 1 || body.length === 0) return [group(['head', ...body], 1)];
  return [group(['head'], 1), group(body, bodyRate)];
}
