/** Tests of recording functions and running them as graphs. */
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { gatherBytes } from '../../../src/runtime/bytes.ts';
import type { HostTensor } from '../../../src/runtime/graph/data-types.ts';
import { GraphProgram } from '../../../src/runtime/graph/program.ts';
import { attributesFor, type NodeBackend } from '../../../src/runtime/node-backend.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import type { Tensor, Tensor2D, TensorFlowJs, Variable } from '../../../src/runtime/tensor.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';

const scalar = (value: number): HostTensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
const vector = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

const pair = { x: { dtype: 'float32', shape: [2] } } as const;

describeWithTensorFlow('a graph program', () => {
  let runtime: Runtime;
  let weight: Variable;
  let program: GraphProgram;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });
  beforeEach(() => {
    program = new GraphProgram(runtime.tf);
    weight = program.variable('weight', { dtype: 'float32', shape: [2] }, Float32Array.of(10, 20));
  });
  afterEach(() => program.close());

  test('runs a recorded function on the values of its inputs', async () => {
    program.add('times', pair, ({ x }) => ({ product: runtime.tf.mul(x, weight.read()) }));
    const { product } = await program.run('times', { x: vector(3, 4) }, ['product']);
    expect(product).toEqual(vector(30, 80));
  });

  test('keeps reads and writes of a variable in the order of the code', async () => {
    const { tf } = runtime;
    program.add('twice', pair, ({ x }) => {
      const before = weight.read();
      weight.assign(tf.add(before, x));
      const between = weight.read();
      weight.assign(tf.mul(between, 2));
      return { before, between, after: weight.read() };
    });
    const { before, between, after } = await program.run('twice', { x: vector(1, 2) }, ['before', 'between', 'after']);
    expect([before, between, after]).toEqual([vector(10, 20), vector(11, 22), vector(22, 44)]);
    expect((await program.read(['weight'])).get('weight')).toEqual(vector(22, 44));
    await program.assign(new Map([['weight', Float32Array.of(7, 8)]]));
    const again = await program.run('twice', { x: vector(0, 0) }, ['before']);
    expect(again.before).toEqual(vector(7, 8));
  });

  test('refuses a constant that JavaScript computes again, naming the op that takes it', async () => {
    const { tf } = runtime;
    let changing = 0;
    expect(() => program.add('baked', pair, ({ x }) => ({ y: tf.mul(x, tf.scalar(++changing)) }))).toThrow(
      /baked: baked\/0_Mul takes as input 1 a tensor of shape \[\] made from JavaScript values that differ/,
    );
  });

  test('refuses a function that reads a tensor’s value', async () => {
    expect(() => program.add('reads', pair, ({ x }) => ({ y: runtime.tf.mul(x, x.dataSync()[0] ?? 0) }))).toThrow(
      'a recorded function read the value of a tensor',
    );
  });

  test('refuses a function that has other ops in the second recording', async () => {
    const { tf } = runtime;
    let times = 0;
    expect(() => program.add('changes', pair, ({ x }) => ({ y: times++ ? tf.neg(x) : tf.square(x) }))).toThrow(
      'changes: changes/0_Square is changes/0_Neg in the second recording',
    );
  });

  test('refuses a function that returns other outputs in the second recording', async () => {
    const { tf } = runtime;
    let times = 0;
    const work = ({ x }: { x: Tensor }) => {
      const both = [tf.square(x), tf.neg(x)];
      return { y: both[times++] as Tensor };
    };
    expect(() => program.add('returns', pair, work)).toThrow(
      'returns returns y from returns/0_Square:0, in the second recording y from returns/1_Neg:0',
    );
  });

  test('refuses an attribute that differs in the second recording, naming it', async () => {
    const { tf } = runtime;
    let times = 0;
    expect(() => program.add('attribute', pair, ({ x }) => ({ y: tf.matMul(...twins(x), times++ > 0) }))).toThrow(
      /attribute: attribute\/\d+_(Batch)?MatMul\w* has another attribute (transpose_a|adj_x) in the second recording/,
    );

    function twins(x: Tensor): [Tensor2D, Tensor2D] {
      const square = tf.tile(tf.reshape(x, [1, 2]), [2, 1]) as Tensor2D;
      return [square, square];
    }
  });

  test('refuses to run a function that has not been recorded', async () => {
    await expect(program.run('never', {})).rejects.toThrow('no signature never has been recorded');
  });

  test('refuses a tensor from outside the recording', async () => {
    const { tf } = runtime;
    const outside = tf.relu(tf.tensor1d([1, 2]));
    expect(() => program.add('outside', pair, ({ x }) => ({ y: tf.add(x, outside) }))).toThrow(
      /outside.*takes? .*from outside the recording: pass it as an input or a variable/,
    );
    outside.dispose();
  });

  test('takes scalars as inputs', async () => {
    program.add('scaled', { ...pair, by: { dtype: 'float32', shape: [] } }, ({ x, by }) => ({
      y: runtime.tf.mul(x, by),
    }));
    expect((await program.run('scaled', { x: vector(1, 2), by: scalar(5) }, ['y'])).y).toEqual(vector(5, 10));
  });

  test('computes nothing while it records', async () => {
    const { tf } = runtime;
    const before = tf.memory().numTensors;
    // 2²⁰ × 2²⁰ numbers are 4 TiB
    program.add('large', { x: { dtype: 'float32', shape: [2 ** 20, 1] } }, ({ x }) => ({
      y: tf.sum(tf.matMul(x as Tensor2D, x as Tensor2D, false, true)),
    }));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses an op whose output shape depends on values, naming it', () => {
    expect(() => program.add('values', pair, ({ x }) => ({ y: valuesOp(runtime.tf, x) }))).toThrow(
      'values: the output shape of Where is not known before it runs',
    );
  });

  test('refuses an attribute of an unsupported kind, naming op and attribute', () => {
    const { binding } = runtime.tf.backend() as unknown as NodeBackend;
    const backend = runtime.tf.backend() as unknown as NodeBackend;
    const type = binding.TF_ATTR_STRING;
    expect(() =>
      program.add('odd', pair, ({ x }) => ({
        y: backend.executeMultipleOutputs('Relu', [{ name: 'T', type, value: 7 }], [x], 1)[0] as Tensor,
      })),
    ).toThrow(/op Relu: attribute T of kind \d+ with value 7 cannot be written/);
  });

  test('passes on TensorFlow’s message about an unknown op', () => {
    const backend = runtime.tf.backend() as unknown as NodeBackend;
    expect(() =>
      program.add('unknown', pair, ({ x }) => ({
        y: backend.executeMultipleOutputs('NoSuchOp', [], [x], 1)[0] as Tensor,
      })),
    ).toThrow(/NoSuchOp/);
  });

  test('initialises a variable without values with zeros, and resets it to zeros', async () => {
    program.variable('counts', { dtype: 'int64', shape: [3] });
    const counts = async () => (await program.read(['counts'])).get('counts')?.data;
    expect(await counts()).toEqual(BigInt64Array.of(0n, 0n, 0n));
    await program.assign(new Map([['counts', BigInt64Array.of(1n, 2n, 3n)]]));
    expect(await counts()).toEqual(BigInt64Array.of(1n, 2n, 3n));
    await program.assign(new Map([['counts', undefined]]));
    expect(await counts()).toEqual(BigInt64Array.of(0n, 0n, 0n));
  });

  test('refuses values that do not fit a variable at once, and stays usable', async () => {
    expect(() => program.assign(new Map([['weights', undefined]]))).toThrow('there is no variable weights');
    expect(() => program.assign(new Map([['weight', Float32Array.of(1)]]))).toThrow(
      'variable weight holds 2 values, got 1',
    );
    expect((await program.read(['weight'])).get('weight')).toEqual(vector(10, 20));
    expect(() => program.variable('weight', { dtype: 'float32', shape: [] })).toThrow(
      'there is a variable weight already',
    );
  });

  test('refuses a tensor of another recording', () => {
    const { tf } = runtime;
    let leaked: Tensor | undefined;
    program.add('leak', pair, ({ x }) => {
      leaked = tf.keep(tf.neg(x));
      return { y: leaked };
    });
    expect(() => program.add('use', pair, ({ x }) => ({ y: tf.add(tf.exp(tf.square(x)), leaked as Tensor) }))).toThrow(
      'use: Add takes a tensor from outside the recording',
    );
    leaked?.dispose();
  });

  test('refuses an asynchronous function', () => {
    const work = (async () => ({})) as unknown as () => Record<string, Tensor>;
    expect(() => program.add('later', pair, work)).toThrow('later: a recorded function cannot be asynchronous');
  });

  test('gathers rows of a variable of bytes', async () => {
    const bytes = program.variable('bytes', { dtype: 'uint8', shape: [3, 2] }, Uint8Array.of(1, 2, 3, 4, 5, 255));
    program.add('rows', { rows: { dtype: 'int32', shape: [2] } }, ({ rows }) => ({
      y: gatherBytes(runtime.tf, bytes, rows),
    }));
    const rows: HostTensor = { dtype: 'int32', shape: [2], data: Int32Array.of(2, 0) };
    const { y } = await program.run('rows', { rows }, ['y']);
    expect(y).toEqual({ dtype: 'int32', shape: [2, 2], data: Int32Array.of(5, 255, 1, 2) });
  });
});

/** An op whose output shape depends on values: the indices of all elements that are not zero. */
function valuesOp(tf: TensorFlowJs, x: Tensor): Tensor {
  const backend = tf.backend() as unknown as NodeBackend;
  const { type } = attributesFor(backend);
  return backend.executeMultipleOutputs('Where', [type('T', 1)], [x], 1)[0] as Tensor;
}
