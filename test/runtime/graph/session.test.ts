/** Tests of running graphs: fetches, element types, attributes and variables. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { DataType, HostTensor } from '../../../src/runtime/graph/data-types.ts';
import { GraphSession } from '../../../src/runtime/graph/session.ts';
import { openRuntime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { binary, constant, FLOAT, float, INT32, placeholder, split, values, variable } from './nodes.ts';

describeWithTensorFlow('a graph session', () => {
  beforeAll(async () => {
    await openRuntime({ backend: 'tensorflow' });
  });

  test('returns fetched values in the order of the fetches', async () => {
    const session = new GraphSession([
      placeholder('x', [2, -1]),
      constant('y', float([2, 2], 1, 2, 3, 4)),
      binary('MatMul', 'product', ['x', 'y']),
    ]);
    const x = float([2, 2], 1, 0, 0, 10);
    const product = float([2, 2], 1, 2, 30, 40);
    const y = float([2, 2], 1, 2, 3, 4);
    expect(await session.run({ x }, ['product', 'y', 'product:0'])).toEqual({ tensors: [product, y, product] });
  });

  test('fetches every output of a node', async () => {
    const session = new GraphSession(split(3));
    expect(await values(session, { x: float([3], 5, 6, 7) }, 'split:2', 'split', 'split:1')).toEqual([[7], [5], [6]]);
  });

  test.each<[DataType, number, HostTensor['data']]>([
    ['float32', FLOAT, Float32Array.of(1.5, Number.NaN, -0, Number.POSITIVE_INFINITY)],
    ['float64', 2, Float64Array.of(0.1, Number.NaN, -0, Number.MAX_VALUE)],
    ['int32', INT32, Int32Array.of(-(2 ** 31), 0, 1, 2 ** 31 - 1)],
    ['int64', 9, BigInt64Array.of(-(2n ** 63n), 0n, 1n, 2n ** 63n - 1n)],
    ['uint8', 4, Uint8Array.of(0, 1, 128, 255)],
    ['bool', 10, Uint8Array.of(0, 1, 1, 0)],
  ])('feeds and fetches %s as a matrix, a scalar and an empty tensor', async (dtype, type, data) => {
    const session = new GraphSession([
      placeholder('x', undefined, type),
      constant('matrix', { dtype, shape: [2, 2], data }, type),
      binary('Identity', 'same', ['x'], type),
    ]);
    for (const [shape, part] of [
      [[2, 2], data],
      [[], data.subarray(1, 2)],
      [[3, 0], data.subarray(0, 0)],
    ] as const) {
      const x = { dtype, shape, data: part };
      expect((await session.run({ x }, ['same'])).tensors).toEqual([x]);
    }
    expect((await session.run({}, ['matrix'])).tensors).toEqual([{ dtype, shape: [2, 2], data }]);
  });

  test('applies every kind of attribute, also zeros that differ from the default', async () => {
    const T = { type: FLOAT };
    const Tidx = { type: INT32 };
    const window = { ksize: { ints: [1, 2, 1, 1] }, strides: { ints: [1, 1, 1, 1] }, padding: { text: 'VALID' } };
    const session = new GraphSession([
      constant('x', float([1, 2, 2, 1], -1, -2, -3, -4)),
      constant('two', { dtype: 'int32', shape: [2], data: Int32Array.of(0, 1) }, INT32),
      constant('depth', { dtype: 'int32', shape: [], data: Int32Array.of(2) }, INT32),
      constant('on', float([], 1)),
      constant('off', float([], 0)),
      { name: 'float', op: 'LeakyRelu', inputs: ['x'], attributes: { T, alpha: { float: 0 } } },
      { name: 'ints', op: 'MaxPool', inputs: ['x'], attributes: { T, ...window } },
      { name: 'bool', op: 'Max', inputs: ['x', 'two'], attributes: { T, Tidx, keep_dims: { bool: true } } },
      {
        name: 'int',
        op: 'OneHot',
        inputs: ['two', 'depth', 'on', 'off'],
        attributes: { T, TI: Tidx, axis: { int: 0 } },
      },
    ]);
    const { tensors } = await session.run({}, ['float', 'ints', 'bool', 'int']);
    expect(tensors.map(({ shape, data }) => [shape, [...data]])).toEqual([
      [
        [1, 2, 2, 1],
        [-0, -0, -0, -0],
      ],
      [
        [1, 1, 2, 1],
        [-1, -2],
      ],
      [
        [1, 1, 2, 1],
        [-1, -2],
      ],
      [
        [2, 2],
        [1, 0, 0, 1],
      ],
    ]);
  });

  describe('variables', () => {
    test('variables keep their values from run to run', async () => {
      const session = new GraphSession(variable('', 'shared'));
      await session.run({ value: float([], 40) }, [], { targets: ['set'] });
      await session.run({ value: float([], 2) }, [], { targets: ['add'] });
      expect(await values(session, {}, 'read')).toEqual([[42]]);
    });

    test('nodes that are added later share variables by their shared name', async () => {
      const session = new GraphSession(variable('first/', 'shared'));
      await session.run({ 'first/value': float([], 40) }, [], { targets: ['first/set'] });
      session.extend([...variable('second/', 'shared'), ...variable('other/', 'other')]);
      await session.run({ 'second/value': float([], 2) }, [], { targets: ['second/add'] });
      expect(await values(session, {}, 'first/read', 'second/read')).toEqual([[42], [42]]);
      await expect(session.run({}, ['other/read'])).rejects.toThrow('other');
    });

    test('two sessions do not share variables', async () => {
      const [one, other] = [new GraphSession(variable('', 'shared')), new GraphSession(variable('', 'shared'))];
      await one.run({ value: float([], 1) }, [], { targets: ['set'] });
      await expect(other.run({}, ['read'])).rejects.toThrow(/uninitialized|not found|does not exist/i);
    });
  });
});
