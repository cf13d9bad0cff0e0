/** Batch norm by the statistics of a batch that several workers hold in parts, in a recorded function. */
import { attributesFor, type NodeBackend } from '../node-backend.ts';
import { BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, type Ops } from '../ops.ts';
import type { Tensor, TensorFlowJs } from '../tensor.ts';
import { DATA_TYPES } from './data-types.ts';

/** What a worker knows of the whole batch. */
export interface WholeBatch {
  /** Images of this worker's part, and of all parts. */
  readonly part: number;
  readonly whole: number;
  /** Sums of tensors over the workers, in the forward pass and in the backward pass. */
  readonly sumForward: (own: Tensor[]) => Tensor[];
  readonly sumBackward: (own: Tensor[]) => Tensor[];
}

/**
 * `Ops.batchNormTraining` over all parts of a batch. One sum over the workers each way: of the distances from the running
 * mean and of their squares, which all workers hold alike, and which lies near enough to the batch's mean for float32; then
 * of the gradients of scale and shift.
 *
 * The gradients of `scale` and `shift` are those of this part: they are summed with all other gradients.
 */
export function synchronisedBatchNorm(
  tf: TensorFlowJs,
  batch: WholeBatch,
  ...[x, scale, shift, running, bias]: Parameters<Ops['batchNormTraining']>
): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { type, float, flag, text } = attributesFor(backend);
  const float32 = DATA_TYPES.float32.number;
  const attributes = (training: boolean) => [
    type('T', float32),
    type('U', float32),
    float('epsilon', BATCH_NORM_EPSILON),
    text('data_format', 'NHWC'),
    flag('is_training', training),
  ];
  const [, height = 0, width = 0] = x.shape;
  const [values, ownValues] = [batch.whole, batch.part].map((images) => images * height * width) as [number, number];

  return tf.customGrad((...parameters) => {
    const save = parameters.at(-1) as unknown as (tensors: Tensor[]) => void;
    const none = tf.tensor1d([]);
    const [, ownMean, ownVariance] = backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      [...attributes(true), float('exponential_avg_factor', 1)],
      [x, scale, shift, none, none],
      3,
    ) as [Tensor, Tensor, Tensor]; // [B, H, W, C], then twice [C]
    const mean = running.mean.read();
    const middle = bias ? tf.sub(mean, bias) : mean;
    const distance = tf.sub(ownMean, middle);
    const squares = tf.mul(ownVariance, Math.max(1, ownValues - 1)); // the op has divided by one value less (Bessel)
    const own = [tf.mul(distance, ownValues), tf.add(squares, tf.mul(tf.square(distance), ownValues))];
    const [sum, sumOfSquares] = batch.sumForward(own) as [Tensor, Tensor];
    const meanDistance = tf.div(sum, values);
    const batchMean = tf.add(middle, meanDistance);
    const batchVariance = tf.maximum(tf.sub(tf.div(sumOfSquares, values), tf.square(meanDistance)), 0);
    const [value] = backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      [...attributes(false), float('exponential_avg_factor', 1)],
      [x, scale, shift, batchMean, batchVariance],
      1,
    ) as [Tensor];
    const moved = (old: Tensor, present: Tensor) =>
      tf.add(tf.mul(old, 1 - BATCH_NORM_MOMENTUM), tf.mul(present, BATCH_NORM_MOMENTUM));
    running.mean.assign(moved(mean, bias ? tf.add(batchMean, bias) : batchMean));
    running.variance.assign(moved(running.variance.read(), tf.mul(batchVariance, values / (values - 1))));
    save([x, scale, batchMean, batchVariance]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [input, factor, center, variance] = saved as [Tensor, Tensor, Tensor, Tensor];
        const [dx, dScale, dShift] = backend.executeMultipleOutputs(
          'FusedBatchNormGradV3',
          attributes(false),
          [dy, input, factor, center, variance, tf.tensor1d([])],
          3,
        ) as [Tensor, Tensor, Tensor]; // as if mean and variance were constants
        const [allScale, allShift] = batch.sumBackward([dScale, dShift]) as [Tensor, Tensor];
        const inverse = tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON));
        const slope = tf.mul(tf.mul(factor, tf.square(inverse)), tf.div(allScale, values));
        const constant = tf.sub(tf.mul(tf.mul(factor, inverse), tf.div(allShift, values)), tf.mul(center, slope));
        return [tf.sub(dx, tf.add(tf.mul(input, slope), constant)), dScale, dShift];
      },
    };
  })(x, scale, shift);
}
