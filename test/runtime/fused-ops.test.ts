/** Tests that TensorFlow's fused ops equal their compositions from ordinary ops. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { adamStep } from '../../src/engine/adam.ts';
import { PLAIN_ADAM } from '../../src/engine/hyperparameters.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { Ops } from '../../src/runtime/ops.ts';
import { plainOps } from '../../src/runtime/plain-ops.ts';
import type { Tensor, Variable } from '../../src/runtime/tensor.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { expectClose, randomTensor } from '../support/tensors.ts';

describeWithTensorFlow('fused ops', () => {
  let runtime: Runtime;
  let plain: Ops;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
    plain = plainOps(runtime.tf);
    runtime.tf.engine().startScope();
  });
  afterAll(() => runtime.tf.engine().endScope());

  /** Value and gradients of `f`. The output's elements have random weights, so that errors cannot cancel out. */
  function valueAndGradients(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): Tensor[] {
    const { tf } = runtime;
    const value = f(...inputs);
    const weights = randomTensor(tf, value.shape, 99);
    return [value, ...tf.grads(f as never)(inputs, weights as never)];
  }

  function expectSame(f: (ops: Ops) => (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): void {
    const fused = valueAndGradients(f(runtime.ops), inputs);
    const composed = valueAndGradients(f(plain), inputs);
    expect(fused).toHaveLength(inputs.length + 1);
    for (const [index, tensor] of fused.entries()) expectClose(tensor, composed[index] as Tensor);
  }

  test('fused batch norm equals the composed one in output, gradients and running statistics', () => {
    const { tf } = runtime;
    const statistics = (ops: Ops) => ({
      mean: ops.variable('mean', [5], Float32Array.of(1, 2, 3, 4, 5)),
      variance: ops.variable('variance', [5], Float32Array.of(5, 4, 3, 2, 1)),
    });
    const inputs = [randomTensor(tf, [6, 3, 4, 5], 1), randomTensor(tf, [5], 2), randomTensor(tf, [5], 3)];
    const bias = randomTensor(tf, [5], 4);
    for (const addedBias of [undefined, bias]) {
      const [fused, composed] = [statistics(runtime.ops), statistics(plain)];
      expectSame((ops) => {
        const running = ops === plain ? composed : fused;
        return (x, scale, shift) => ops.batchNormTraining(x, scale, shift, running, addedBias) as Tensor;
      }, inputs);
      expectClose(fused.mean.read(), composed.mean.read());
      expectClose(fused.variance.read(), composed.variance.read());
    }
  });

  test('a bias before batch norm changes only the running mean', () => {
    const { tf, ops } = runtime;
    const [x, scale, shift, bias] = [[6, 3, 4, 5], [5], [5], [5]].map((shape, seed) => randomTensor(tf, shape, seed));
    if (!x || !scale || !shift || !bias) throw new Error('four tensors are expected');
    const statistics = () => ({
      mean: ops.variable('mean', [5], new Float32Array(5)),
      variance: ops.variable('variance', [5], new Float32Array(5)),
    });
    const [added, passed] = [statistics(), statistics()];
    const output = ops.batchNormTraining(tf.add(x, bias), scale, shift, added);
    expectClose(ops.batchNormTraining(x, scale, shift, passed, bias), output);
    expectClose(passed.mean.read(), added.mean.read());
    expectClose(passed.variance.read(), added.variance.read());
  });

  test('fused ReLU equals the composed one in value and gradient', () => {
    expectSame((ops) => (x) => ops.relu(x), [randomTensor(runtime.tf, [4, 5], 5)]);
  });

  test('fused softmax cross-entropy equals the composed one, also if a probability rounds to 0', () => {
    const { tf } = runtime;
    const labels = tf.tensor1d([0, 6, 3, 2], 'int32');
    const logits = tf.concat([
      randomTensor(tf, [3, 7], 6),
      tf.tensor2d([[0, 0, -300, 0, 300, 0, 0]]),
    ] as never) as Tensor;
    expectSame((ops) => (x) => ops.softmaxCrossEntropy(x, labels), [logits]);
    expect(runtime.ops.softmaxCrossEntropy(logits, labels).dataSync()[3]).toBe(600);
  });

  test('five steps of fused Adam equal five steps of the composed one', () => {
    const { tf } = runtime;
    const run = (ops: Ops): Variable => {
      const zeros = () => ops.variable('zeros', [2, 3]);
      const variable = ops.variable('weight', [2, 3], Float32Array.of(1, -2, 3, -4, 5, -6));
      const moments = { first: zeros(), second: zeros() };
      for (let t = 1; t <= 5; t++) {
        const gradient = tf.mul(randomTensor(tf, [2, 3], t), 1e-7); // as small as ε, so that its place matters
        const [learningRate, beta1Power, beta2Power, epsilon] = Object.values(adamStep(t, 0.5, PLAIN_ADAM)).map((x) =>
          tf.scalar(x),
        );
        if (!learningRate || !beta1Power || !beta2Power || !epsilon) throw new Error('four scalars are expected');
        ops.applyAdam([{ variable, moments, gradient }], { learningRate, beta1Power, beta2Power, epsilon }, PLAIN_ADAM);
      }
      return variable;
    };
    expectClose(run(runtime.ops).read(), run(plain).read());
  });
});
