/**
 * The sums of `TrainingReport`, kept inside the graph so that no step has to read anything back. All are float32
 * scalars: TensorFlow keeps int32 variables of a GPU in the host's memory.
 */
import type { GraphProgram } from '../runtime/graph/program.ts';
import type { Tensor, TensorFlowJs, Variable } from '../runtime/tensor.ts';
import type { LossSums, TrainingReport } from './engine.ts';
import type { LossSumTensors } from './step.ts';

const AT_FAULT = 'totals/atFault';
const NAMES = ['step', 'loss', 'lossSum', 'correct', 'firstNonFinite'] as const;
type Name = (typeof NAMES)[number];

/** The sums of `TrainingReport`, as variables of a graph. */
export class GraphTotals {
  readonly #program: GraphProgram;
  readonly #variables: Readonly<Record<Name, Variable>>;
  /** For each worker 1 if its own loss was not finite in the step `firstNonFinite`; absent if there is one worker. */
  readonly #atFault: Variable | undefined;

  /**
   * @param steps training steps taken before
   * @param workers whose sums `add` is given; default: one
   */
  constructor(program: GraphProgram, steps: number, workers = 1) {
    this.#program = program;
    if (workers > 1) this.#atFault = program.variable(AT_FAULT, { dtype: 'float32', shape: [workers] });
    const variables = NAMES.map((name) => {
      const first = name === 'step' ? Float32Array.of(steps) : undefined;
      return [name, program.variable(variableName(name), { dtype: 'float32', shape: [] }, first)];
    });
    this.#variables = Object.fromEntries(variables);
  }

  /**
   * Adds a step, in a recording. Steps and correct predictions are whole numbers, which float32 holds exactly up to
   * 2²⁴.
   *
   * @param count number of images in the batch
   * @param nonFinite for each worker 1 if its own loss is not finite, else 0; only with several
   */
  add(tf: TensorFlowJs, count: number, { lossSum, correct }: LossSumTensors, nonFinite?: Tensor): void {
    const { step, loss, lossSum: total, correct: totalCorrect, firstNonFinite } = this.#variables;
    const thisStep = tf.add(step.read(), 1);
    step.assign(thisStep);
    loss.assign(tf.div(lossSum, count));
    total.assign(tf.add(total.read(), lossSum));
    totalCorrect.assign(tf.add(totalCorrect.read(), correct));
    const earlier = firstNonFinite.read();
    const isFirst = tf.logicalAnd(tf.equal(earlier, 0), tf.logicalNot(tf.isFinite(lossSum as Tensor)));
    firstNonFinite.assign(tf.where(isFirst, thisStep, earlier));
    if (this.#atFault && nonFinite) this.#atFault.assign(tf.where(isFirst, nonFinite, this.#atFault.read()));
  }

  /** Sets the sums of the epoch. */
  begin({ lossSum, correct }: LossSums): Promise<void> {
    return this.#program.assign(
      new Map([
        [variableName('lossSum'), Float32Array.of(lossSum)],
        [variableName('correct'), Float32Array.of(correct)],
      ]),
    );
  }

  /**
   * Reads the sums back.
   *
   * @param count number of images that the sums are over
   * @param rank this worker's, where there are several
   */
  async report(count: number, rank = 0): Promise<TrainingReport> {
    const values = await this.#program.read([...NAMES.map(variableName), ...(this.#atFault ? [AT_FAULT] : [])]);
    const value = (name: Name) => Number(values.get(variableName(name))?.data[0]);
    const faults = [...((values.get(AT_FAULT)?.data ?? []) as Float32Array)];
    const atFault = faults.findIndex((fault) => fault > 0);
    return {
      loss: value('loss'),
      sums: { count, lossSum: value('lossSum'), correct: value('correct') },
      firstNonFinite: value('firstNonFinite') || undefined,
      rankAtFault: atFault < 0 || faults[rank] === 1 ? undefined : atFault,
    };
  }
}

function variableName(name: Name): string {
  return `totals/${name}`;
}
