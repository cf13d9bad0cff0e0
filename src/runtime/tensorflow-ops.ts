/**
 * The ops of `ops.ts` with TensorFlow's fused kernels, called through the Node backend. `resnet bench` prints how many
 * native calls a training step takes with them, and with the layers API.
 */
import { DATA_TYPES } from './graph/data-types.ts';
import { type Attribute, attributesFor, type NodeBackend } from './node-backend.ts';
import { BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, type Ops } from './ops.ts';
import { type ResourceVariable, resourceVariable } from './resource-variable.ts';
import type { Tensor, TensorFlowJs } from './tensor.ts';

const FLOAT = DATA_TYPES.float32.number;
const INT32 = DATA_TYPES.int32.number;

/** Makes the ops for the TensorFlow backend. */
export function tensorflowOps(tf: TensorFlowJs, backend: NodeBackend): Ops {
  const { type, float, flag, text } = attributesFor(backend);
  const floatType = type('T', FLOAT);
  const batchNormAttributes = [
    floatType,
    type('U', FLOAT),
    float('epsilon', BATCH_NORM_EPSILON),
    text('data_format', 'NHWC'),
    flag('is_training', true),
  ];

  /** Executes an op and returns its first output. */
  const run = (op: string, attributes: Attribute[], inputs: Tensor[]): Tensor =>
    backend.executeMultipleOutputs(op, attributes, inputs, 1)[0] as Tensor;

  /** Runs `forward` with the gradient that it returns; `forward` may `save` tensors for that gradient. */
  const differentiable = (
    inputs: Tensor[],
    forward: (save: (tensors: Tensor[]) => void) => {
      value: Tensor;
      gradient: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
    },
  ): Tensor =>
    tf.customGrad((...parameters) => {
      const { value, gradient } = forward(parameters.at(-1) as unknown as (tensors: Tensor[]) => void);
      return { value, gradFunc: gradient };
    })(...inputs);

  return {
    batchNormTraining(x, scale, shift, running, bias) {
      return differentiable([x, scale, shift], (save) => {
        const mean = running.mean.read();
        const [value, newMean, newVariance, ...reserve] = backend.executeMultipleOutputs(
          'FusedBatchNormV3',
          [...batchNormAttributes, float('exponential_avg_factor', BATCH_NORM_MOMENTUM)],
          [x, scale, shift, bias ? tf.sub(mean, bias) : mean, running.variance.read()],
          6,
        ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]; // [B, H, W, C], then five times [C]
        running.mean.assign(bias ? tf.add(newMean, bias) : newMean);
        running.variance.assign(newVariance);
        save([x, scale, ...reserve]);
        const gradient = (dy: Tensor, saved: Tensor[]) =>
          backend.executeMultipleOutputs('FusedBatchNormGradV3', batchNormAttributes, [dy, ...saved], 5).slice(0, 3);
        return { value, gradient };
      });
    },

    relu(x) {
      return differentiable([x], (save) => {
        const value = run('Relu', [floatType], [x]);
        save([value]);
        return { value, gradient: (dy, saved) => run('ReluGrad', [floatType], [dy, ...saved]) };
      });
    },

    softmaxCrossEntropy(logits, labels) {
      return differentiable([logits], (save) => {
        const [value, slope] = backend.executeMultipleOutputs(
          'SparseSoftmaxCrossEntropyWithLogits',
          [floatType, type('Tlabels', INT32)],
          [logits, labels],
          2,
        ) as [Tensor, Tensor]; // [B], [B, classes]
        save([slope]);
        return { value, gradient: (dy, [saved]) => tf.mul(tf.expandDims(dy, 1), saved as Tensor) };
      });
    },

    transformImages(images, transforms, outside) {
      const [, height = 0, width = 0] = images.shape;
      const [fill, value] = outside === 'edge' ? ['NEAREST', 0] : ['CONSTANT', outside];
      const attributes = [type('dtype', FLOAT), text('interpolation', 'BILINEAR'), text('fill_mode', fill)];
      const size = tf.tensor1d([height, width], 'int32');
      return run('ImageProjectiveTransformV3', attributes, [images, transforms, size, tf.scalar(value)]);
    },

    biasAdd(x, bias) {
      return differentiable([x], () => {
        const value = run('BiasAdd', [floatType, text('data_format', 'NHWC')], [x, bias]);
        return { value, gradient: (dy) => tf.clone(dy) };
      });
    },

    layer: (_path, x, work) => work(x),

    variable(_name, shape, values) {
      const variable = resourceVariable(tf, backend, FLOAT, shape);
      tf.tidy(() => variable.assign(values ? tf.tensor(values, [...shape], 'float32') : tf.zeros([...shape])));
      return variable;
    },

    applyAdam(updates, { beta1Power, beta2Power, learningRate, epsilon }, { betas }) {
      tf.tidy(() => {
        const rates = betas.map((beta) => tf.scalar(beta));
        const scalars = [beta1Power, beta2Power, learningRate, ...rates, epsilon];
        const attributes = [floatType, flag('use_locking', false), flag('use_nesterov', false)];
        for (const { variable, moments, gradient } of updates) {
          const handles = [variable, moments.first, moments.second].map((one) => (one as ResourceVariable).handle);
          backend.executeMultipleOutputs('ResourceApplyAdam', attributes, [...handles, ...scalars, gradient], 0);
        }
      });
    },
  };
}
