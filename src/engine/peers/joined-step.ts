/** What workers add up in a recorded step: gradients, running statistics, sums, and requests to stop. */
import { Collectives } from '../../runtime/graph/collectives.ts';
import { synchronisedBatchNorm } from '../../runtime/graph/synchronised-batch-norm.ts';
import type { Ops } from '../../runtime/ops.ts';
import type { Tensor, TensorFlowJs, Variable } from '../../runtime/tensor.ts';
import type { Joining, LossSumTensors } from '../step.ts';
import { bucketsOf } from './buckets.ts';
import type { Part } from './part.ts';
import type { Peers } from './peers.ts';

/** Sums over all workers. */
export interface JoinedSums extends LossSumTensors {
  /** For each worker 1 if it asks to stop, else 0. */
  readonly stops: Tensor;
  /** For each worker 1 if its own loss is not finite, else 0. */
  readonly nonFinite: Tensor;
}

/** Records the sums of a step. */
export class JoinedStep implements Joining {
  readonly #tf: TensorFlowJs;
  readonly #peers: Peers;
  readonly #collectives: Collectives;
  #part: Part = { begin: 0, end: 0, whole: 0 };
  #batchNorms = 0;
  /** Running statistics by this worker's part, which are to be averaged. */
  #statistics: { readonly variable: Variable; readonly value: Tensor }[] = [];

  constructor(tf: TensorFlowJs, peers: Peers) {
    this.#tf = tf;
    this.#peers = peers;
    this.#collectives = new Collectives(tf, peers.count);
  }

  /** Begins the recording of a step on this part; to be called each time that it is recorded. */
  begin(part: Part): void {
    this.#part = part;
    this.#batchNorms = 0;
    this.#statistics = [];
  }

  get images(): number {
    return this.#part.whole;
  }

  /** The ops of a step that is joined: batch norm knows of the other parts. */
  opsOf(ops: Ops): Ops {
    return {
      ...ops,
      batchNormTraining: (x, scale, shift, running, bias) => {
        if (this.#peers.syncBatchNorm) return this.#batchNorm(x, scale, shift, running, bias);
        const later = ({ shape, read, dispose }: Variable, variable: Variable): Variable => {
          const assign = (value: Tensor) => {
            const kept = this.#tf.keep(this.#tf.clone(value)); // the gradient disposes what its forward pass has made
            this.#statistics.push({ variable, value: kept });
          };
          return { shape, read, dispose, assign };
        };
        const { mean, variance } = running;
        const deferred = { mean: later(mean, mean), variance: later(variance, variance) };
        return ops.batchNormTraining(x, scale, shift, deferred, bias);
      },
    };
  }

  /**
   * Sums gradients, in buckets in the order of the backward pass: each sum begins as soon as the last gradient of its bucket
   * is there. Averages the running statistics in a bucket of their own.
   */
  gradients(own: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
    const tf = this.#tf;
    const backward = [...own].map(([name, { size }]) => [name, size] as const).reverse();
    const joined = new Map<string, Tensor>();
    for (const [index, bucket] of bucketsOf(backward).entries()) {
      const tensors = bucket.map(([name]) => own.get(name) as Tensor);
      const sums = this.#sumAll(`gradients/${index}`, tensors, this.#peers.reduce);
      for (const [at, [name]] of bucket.entries()) joined.set(name, sums[at] as Tensor);
    }
    const weight = (this.#part.end - this.#part.begin) / this.#part.whole;
    const statistics = this.#statistics.map(({ value }) => tf.mul(value, weight));
    const averages = statistics.length === 0 ? [] : this.#sumAll('statistics', statistics);
    for (const [index, { variable, value }] of this.#statistics.entries()) {
      variable.assign(averages[index] as Tensor);
      value.dispose();
    }
    return joined;
  }

  /**
   * Sums what a step tells.
   *
   * @param stop 1 if this worker asks to stop, else 0; a scalar
   */
  sums({ lossSum, correct }: LossSumTensors, stop: Tensor): JoinedSums {
    const tf = this.#tf;
    const { count } = this.#peers;
    const faulty = tf.cast(tf.logicalNot(tf.isFinite(lossSum)), 'float32');
    const parts = [lossSum, correct, this.#own(stop), this.#own(faulty)];
    const [allLoss, allCorrect, stops, nonFinite] = this.#sumAll('sums', parts) as [Tensor, Tensor, Tensor, Tensor];
    return { lossSum: allLoss, correct: allCorrect, stops, nonFinite: tf.reshape(nonFinite, [count]) };
  }

  /**
   * Joins the evaluation of a batch's parts.
   *
   * @param own of this worker's part; absent if the part is empty
   * @param classes number of logits of an image
   * @returns logits [whole, classes], sums, and requests to stop
   */
  evaluation(own: (LossSumTensors & { readonly logits: Tensor }) | undefined, classes: number, stop: Tensor) {
    const tf = this.#tf;
    const { begin, end, whole } = this.#part;
    const logits = own
      ? tf.pad(own.logits as ReturnType<typeof tf.tensor2d>, [
          [begin, whole - end],
          [0, 0],
        ])
      : tf.zeros([whole, classes]);
    const zero = tf.scalar(0);
    const parts = [own?.lossSum ?? zero, own?.correct ?? zero, this.#own(stop), logits];
    const [lossSum, correct, stops, all] = this.#sumAll(`evaluation/${whole}`, parts) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    return { lossSum, correct, stops, logits: all };
  }

  /** Worker 0's value of a scalar. */
  first(value: Tensor): Tensor {
    return this.#sumAll('decision', [this.#peers.rank === 0 ? value : this.#tf.mul(value, 0)])[0] as Tensor;
  }

  #batchNorm(...[x, scale, shift, running, bias]: Parameters<Ops['batchNormTraining']>): Tensor {
    const { begin, end, whole } = this.#part;
    const name = `batch-norm/${this.#batchNorms++}/${scale.size}`;
    const batch = {
      part: end - begin,
      whole,
      sumForward: (own: Tensor[]) => this.#sumAll(`${name}/forward`, own),
      sumBackward: (own: Tensor[]) => this.#sumAll(`${name}/backward`, own),
    };
    return synchronisedBatchNorm(this.#tf, batch, x, scale, shift, running, bias);
  }

  /** A scalar at the place of this worker, among zeros: [workers]. */
  #own(scalar: Tensor): Tensor {
    const { rank, count } = this.#peers;
    const place = Float32Array.from({ length: count }, (_, index) => (index === rank ? 1 : 0));
    return this.#tf.mul(this.#tf.tensor1d(place), scalar);
  }

  /** Sums tensors over the workers, all in one. */
  #sumAll(name: string, tensors: readonly Tensor[], reduction?: Peers['reduce']): Tensor[] {
    const size = tensors.reduce((sum, tensor) => sum + tensor.size, 0);
    return this.#collectives.sum(`${name}/${size}`, tensors, reduction);
  }
}
