/** The ops of `ops.ts`, computed with ordinary TensorFlow.js ops: for backends without fused kernels. */
import {
  type AdamBetas,
  type AdamMoments,
  type AdamScalars,
  BATCH_NORM_EPSILON,
  BATCH_NORM_MOMENTUM,
  type Ops,
} from './ops.ts';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D, TensorFlowJs, Variable } from './tensor.ts';

/** Makes the ops for TensorFlow.js's current backend. */
export function plainOps(tf: TensorFlowJs): Ops {
  return {
    batchNormTraining(x, scale, shift, running, bias) {
      const axes = [0, 1, 2];
      const mean = tf.mean(x, axes); // [C]
      const centred = tf.sub(x, mean); // [B, H, W, C]
      const variance = tf.mean(tf.square(centred), axes); // [C], biased
      const perChannel = x.size / scale.size; // B·H·W values
      tf.tidy(() => {
        moveTowards(running.mean, bias ? tf.add(mean, bias) : mean);
        moveTowards(running.variance, tf.mul(variance, perChannel / (perChannel - 1)));
      });
      const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON))); // [C]
      return tf.add(tf.mul(centred, factor), shift); // [B, H, W, C]
    },

    relu: (x) => tf.relu(x),

    softmaxCrossEntropy(logits, labels) {
      // Make it as int32 and cast: the wasm kernel of oneHot writes the bits of integers into a float32 tensor.
      const oneHot = tf.cast(tf.oneHot(labels as Tensor1D, logits.shape[1] ?? 0), 'float32'); // [B, classes]
      return tf.neg(tf.sum(tf.mul(oneHot, tf.logSoftmax(logits)), 1)); // [B]
    },

    transformImages(images, transforms, outside) {
      const [, height = 0, width = 0] = images.shape;
      const [fill, value] = outside === 'edge' ? (['nearest', 0] as const) : (['constant', outside] as const);
      return tf.image.transform(images as Tensor4D, transforms as Tensor2D, 'bilinear', fill, value, [height, width]);
    },

    biasAdd: (x, bias) => tf.add(x, bias),

    layer: (_path, x, work) => work(x),

    variable(_name, shape, values) {
      let value = tf.keep(values ? tf.tensor(values, [...shape], 'float32') : tf.zeros([...shape]));
      return {
        shape,
        read: () => value.clone(),
        assign(next) {
          const kept = tf.keep(next.clone());
          value.dispose();
          value = kept;
        },
        dispose: () => value.dispose(),
      };
    },

    applyAdam(updates, scalars, betas) {
      for (const { variable, moments, gradient } of updates) {
        tf.tidy(() => adamUpdate(variable, moments, gradient, scalars, betas));
      }
    },
  };

  /** Moves a running statistic towards the batch's. */
  function moveTowards(running: Variable, batch: Tensor): void {
    const value = running.read();
    running.assign(tf.add(value, tf.mul(tf.sub(batch, value), BATCH_NORM_MOMENTUM)));
  }

  /** Takes one step of Adam on one parameter. */
  function adamUpdate(
    variable: Variable,
    moments: AdamMoments,
    gradient: Tensor,
    scalars: AdamScalars,
    { betas: [beta1, beta2] }: AdamBetas,
  ): void {
    const average = (moment: Variable, target: Tensor, beta: number) => {
      const value = moment.read();
      const next = tf.add(value, tf.mul(tf.sub(target, value), 1 - beta));
      moment.assign(next);
      return next;
    };
    const first = average(moments.first, gradient, beta1);
    const second = average(moments.second, tf.square(gradient), beta2);
    const { learningRate, beta1Power, beta2Power, epsilon } = scalars;
    const rate = tf.div(tf.mul(learningRate, tf.sqrt(tf.sub(1, beta2Power))), tf.sub(1, beta1Power));
    const update = tf.mul(rate, tf.div(first, tf.add(tf.sqrt(second), epsilon)));
    variable.assign(tf.sub(variable.read(), update));
  }
}
