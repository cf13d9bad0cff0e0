import { afterEach, beforeAll, expect, test } from '@jest/globals';
import type { HostTensor } from '../../../src/runtime/graph/data-types.ts';
import { GraphProgram } from '../../../src/runtime/graph/program.ts';
import { openRuntime, type Runtime } from '../../../src/runtime/open.ts';
import type { Tensor, Variable } from '../../../src/runtime/tensor.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';

const scalar = (value: number): HostTensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
const vector = (...values: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});

let calls = 0;
const example = () => ({ x: vector(++calls, calls * 2) });

describeWithTensorFlow('a graph program', () => {
  let runtime: Runtime;
  let weight: Variable;
  let program: GraphProgram;
  const open: GraphProgram[] = [];
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
    weight = runtime.ops.variable(Float32Array.of(10, 20), [2]);
    program = await fresh();
  });
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });

  async function fresh(): Promise<GraphProgram> {
    const made = await GraphProgram.open(runtime.tf, new Map([['weight', weight]]));
    open.push(made);
    return made;
  }

  test('runs a recorded function on other values than it was recorded with', async () => {
    program = await fresh();
    program.add('times', example, ({ x }) => ({ product: runtime.tf.mul(x, weight.read()) }));
    const { product } = await program.run('times', { x: vector(3, 4) });
    expect(product).toEqual(vector(30, 80));
  });

  test('keeps reads and writes of a variable in the order in which they were written', async () => {
    const { tf } = runtime;
    program = await fresh();
    program.add('twice', example, ({ x }) => {
      const before = weight.read();
      weight.assign(tf.add(before, x));
      const between = weight.read();
      weight.assign(tf.mul(between, 2));
      return { before, between, after: weight.read() };
    });
    const { before, between, after } = await program.run('twice', { x: vector(1, 2) });
    expect([before, between, after]).toEqual([vector(10, 20), vector(11, 22), vector(22, 44)]);
    expect((await program.read()).get('weight')).toEqual(Float32Array.of(22, 44));
    await program.assign(new Map([['weight', Float32Array.of(7, 8)]]));
    const again = await program.run('twice', { x: vector(0, 0) });
    expect(again.before).toEqual(vector(7, 8));
  });

  test('refuses a value computed in JavaScript, naming the op that takes it', async () => {
    const { tf } = runtime;
    program = await fresh();
    let baked = 0;
    expect(() => program.add('baked', example, ({ x }) => ({ y: tf.mul(x, tf.scalar(++baked)) }))).toThrow(
      /baked: op 0, Mul, takes as input 1 a tensor of shape \[\] made from JavaScript values that differ/,
    );
  });

  test('refuses a function that reads a tensor’s value', async () => {
    program = await fresh();
    expect(() => program.add('reads', example, ({ x }) => ({ y: runtime.tf.mul(x, x.dataSync()[0] ?? 0) }))).toThrow(
      'a recorded function read the value of a tensor',
    );
  });

  test('refuses a function that does something else the second time', async () => {
    const { tf } = runtime;
    program = await fresh();
    let times = 0;
    expect(() => program.add('changes', example, ({ x }) => ({ y: times++ ? tf.neg(x) : tf.square(x) }))).toThrow(
      /changes: op 0, Square, was Neg the second time/,
    );
  });

  test('refuses a function that returns something else the second time', async () => {
    const { tf } = runtime;
    program = await fresh();
    let times = 0;
    const work = ({ x }: { x: Tensor }) => {
      const both = [tf.square(x), tf.neg(x)];
      return { y: both[times++] as Tensor };
    };
    expect(() => program.add('returns', example, work)).toThrow(
      'returns: it returned y from output 0 of op 0, and y from output 0 of op 1 the second time',
    );
  });

  test('refuses an attribute that changes, naming it', async () => {
    const { tf } = runtime;
    program = await fresh();
    let times = 0;
    expect(() => program.add('attribute', example, ({ x }) => ({ y: tf.sum(x, 0, times++ > 0) }))).toThrow(
      /attribute: .*(had another attribute|the second time)/,
    );
  });

  test('knows only what has been recorded', async () => {
    program = await fresh();
    await expect(program.run('never', {})).rejects.toThrow('no signature never has been recorded');
  });

  test('refuses a tensor from outside the recording', async () => {
    const { tf } = runtime;
    program = await fresh();
    const outside = tf.relu(tf.tensor1d([1, 2]));
    expect(() => program.add('outside', example, ({ x }) => ({ y: tf.add(x, outside) }))).toThrow(
      /outside.*takes? .*from outside the recording: pass it as an input or a variable/,
    );
    outside.dispose();
  });

  test('takes scalars as inputs', async () => {
    program = await fresh();
    let next = 0;
    program.add(
      'scaled',
      () => ({ ...example(), by: scalar(++next) }),
      ({ x, by }) => ({
        y: runtime.tf.mul(x, by),
      }),
    );
    expect((await program.run('scaled', { x: vector(1, 2), by: scalar(5) })).y).toEqual(vector(5, 10));
  });
});
