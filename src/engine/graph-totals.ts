/**
 * What is told of training, summed up inside the graph, so that nothing has to leave it after a step: all float32 scalars,
 * since a GPU keeps int32 variables in the host's memory.
 */
import type { GraphProgram } from '../runtime/graph/program.ts';
import type { Tensor, TensorFlowJs, Variable } from '../runtime/tensor.ts';
import type { BatchResult, TrainingReport } from './engine.ts';
import type { BatchSums } from './step.ts';

const NAMES = ['step', 'loss', 'lossSum', 'hits', 'firstNonFinite'] as const;
type Name = (typeof NAMES)[number];

export class GraphTotals {
  readonly #program: GraphProgram;
  readonly #variables: Readonly<Record<Name, Variable>>;

  /** @param steps taken before */
  constructor(program: GraphProgram, steps: number) {
    this.#program = program;
    const variables = NAMES.map((name) => {
      const first = name === 'step' ? Float32Array.of(steps) : undefined;
      return [name, program.variable(variableName(name), { dtype: 'float32', shape: [] }, first)];
    });
    this.#variables = Object.fromEntries(variables);
  }

  /** Adds a step on `count` images, in a recording. Steps and hits are whole numbers, exact up to 2²⁴. */
  add(tf: TensorFlowJs, count: number, { lossSum, hits }: BatchSums): void {
    const { step, loss, lossSum: total, hits: totalHits, firstNonFinite } = this.#variables;
    const thisStep = tf.add(step.read(), 1);
    step.assign(thisStep);
    loss.assign(tf.div(lossSum, count));
    total.assign(tf.add(total.read(), lossSum));
    totalHits.assign(tf.add(totalHits.read(), hits));
    const earlier = firstNonFinite.read();
    const isFirst = tf.logicalAnd(tf.equal(earlier, 0), tf.logicalNot(tf.isFinite(lossSum as Tensor)));
    firstNonFinite.assign(tf.where(isFirst, thisStep, earlier));
  }

  /** Sets the sums. */
  begin({ lossSum, hits }: BatchResult): Promise<void> {
    return this.#program.assign(
      new Map([
        [variableName('lossSum'), Float32Array.of(lossSum)],
        [variableName('hits'), Float32Array.of(hits)],
      ]),
    );
  }

  /** @param count how many images the sums are of */
  async report(count: number): Promise<TrainingReport> {
    const values = await this.#program.read(NAMES.map(variableName));
    const value = (name: Name) => Number(values.get(variableName(name))?.data[0]);
    return {
      loss: value('loss'),
      sums: { images: count, lossSum: value('lossSum'), hits: value('hits') },
      firstNonFinite: value('firstNonFinite') || undefined,
    };
  }
}

function variableName(name: Name): string {
  return `totals/${name}`;
}
