/**
 * The ops of `ops.ts` as TensorFlow's own fused kernels, reached through the Node backend: op by op, a training step is
 * 269 native calls with them and 2,437 with the layers API (measured, ResNet-18).
 */
import { ADAM_BETA1, ADAM_BETA2, BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, type Ops } from './ops.ts';
import type { Tensor, TensorFlowJs, Variable } from './tensor.ts';

/** What is used of tfjs-node's backend, whose own types are not public. */
export interface NodeBackend {
  readonly binding: Readonly<Record<string, unknown>>;
  readonly isUsingGpuDevice: boolean;
  /** The binding's numbers of tensors; uploads those whose values are still in JavaScript. */
  getInputTensorIds(tensors: Tensor[]): number[];
  executeMultipleOutputs(op: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[];
}

export interface Attribute {
  readonly name: string;
  readonly type: unknown;
  readonly value: unknown;
}

/** Numbers of TensorFlow's `DataType` (types.proto). */
const FLOAT = 1;
const INT32 = 3;

let variablesMade = 0;

export function tensorflowOps(tf: TensorFlowJs, backend: NodeBackend): Ops {
  const attribute = (kind: string, name: string, value: unknown): Attribute => ({
    name,
    type: backend.binding[`TF_ATTR_${kind}`],
    value,
  });
  const type = (name: string, value: number) => attribute('TYPE', name, value);
  const float = (name: string, value: number) => attribute('FLOAT', name, value);
  const flag = (name: string, value: boolean) => attribute('BOOL', name, value);
  const text = (name: string, value: string) => attribute('STRING', name, value);
  const floatType = type('T', FLOAT);
  const batchNormAttributes = [
    floatType,
    type('U', FLOAT),
    float('epsilon', BATCH_NORM_EPSILON),
    text('data_format', 'NHWC'),
    flag('is_training', true),
  ];

  /** Run an op for one output. */
  const run = (op: string, attributes: Attribute[], inputs: Tensor[]): Tensor =>
    backend.executeMultipleOutputs(op, attributes, inputs, 1)[0] as Tensor;

  /** An op of several native calls with a gradient of its own. `forward` may `save` tensors for `gradient`. */
  const differentiable = (
    inputs: Tensor[],
    forward: (save: (tensors: Tensor[]) => void) => {
      value: Tensor;
      gradient: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
    },
  ): Tensor =>
    tf.customGrad((...given) => {
      const { value, gradient } = forward(given.at(-1) as unknown as (tensors: Tensor[]) => void);
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
        ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
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

    variable(values, shape) {
      const handle = tf.keep(
        run(
          'VarHandleOp',
          [
            type('dtype', FLOAT),
            attribute('SHAPE', 'shape', shape),
            text('container', ''),
            text('shared_name', `resnet/${variablesMade++}`),
          ],
          [],
        ),
      );
      const assign = (value: Tensor) => {
        backend.executeMultipleOutputs('AssignVariableOp', [type('dtype', FLOAT)], [handle, value], 0);
      };
      tf.tidy(() => assign(tf.tensor(values, [...shape], 'float32')));
      const variable: ResourceVariable = {
        shape,
        handle,
        read: () => run('ReadVariableOp', [type('dtype', FLOAT)], [handle]),
        assign,
        dispose() {
          backend.executeMultipleOutputs('DestroyResourceOp', [flag('ignore_lookup_error', true)], [handle], 0);
          handle.dispose();
        },
      };
      return variable;
    },

    applyAdam(updates, { beta1Power, beta2Power, learningRate, epsilon }) {
      tf.tidy(() => {
        const betas = [tf.scalar(ADAM_BETA1), tf.scalar(ADAM_BETA2)];
        const scalars = [beta1Power, beta2Power, learningRate, ...betas, epsilon];
        const attributes = [floatType, flag('use_locking', false), flag('use_nesterov', false)];
        for (const { variable, moments, gradient } of updates) {
          const handles = [variable, moments.first, moments.second].map((one) => (one as ResourceVariable).handle);
          backend.executeMultipleOutputs('ResourceApplyAdam', attributes, [...handles, ...scalars, gradient], 0);
        }
      });
    },
  };
}

/** A variable of TensorFlow's own: a handle to it is a tensor. */
export interface ResourceVariable extends Variable {
  readonly handle: Tensor;
}
