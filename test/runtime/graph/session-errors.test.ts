/** Tests of a graph session's errors. */
import { beforeAll, expect, test } from '@jest/globals';
import type { HostTensor } from '../../../src/runtime/graph/data-types.ts';
import type { GraphNode } from '../../../src/runtime/graph/graph-def.ts';
import { GraphSession } from '../../../src/runtime/graph/session.ts';
import { openRuntime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { binary, constant, FLOAT, float, placeholder, values } from './nodes.ts';

describeWithTensorFlow('a graph session', () => {
  beforeAll(async () => {
    await openRuntime({ backend: 'tensorflow' });
  });

  const nodes = [placeholder('x', [2, -1]), placeholder('y'), binary('MatMul', 'product', ['x', 'y'])];
  const attributes = { dtype: { type: FLOAT }, shape: { shape: [] } };
  const handle = { name: 'handle', op: 'VarHandleOp', inputs: [], attributes };
  const x = float([2, 1], 1, 2);

  test.each<[string, Record<string, HostTensor>, string[], string[], string]>([
    ['a fetch of a missing node', {}, ['z'], [], 'the graph has no node "z"'],
    ['a fetch of a missing output', {}, ['product:1'], [], 'the graph has no output "product:1"'],
    ['a fetch with an invalid index', {}, ['product:x'], [], 'the graph has no node "product:x"'],
    ['a fetch of a handle', {}, ['handle'], [], 'fetch "handle": tensors of dtype 20 can\'t be fetched'],
    ['a missing target', {}, [], ['z'], 'the graph has no node "z"'],
    ['a feed of a missing node', { z: x }, ['product'], [], 'the graph has no node "z"'],
    ['a missing feed', { x }, ['product'], [], "You must feed a value for placeholder tensor 'y'"],
    [
      'a feed of another type',
      { x: { dtype: 'int32', shape: [2, 1], data: Int32Array.of(1, 2) } },
      ['product'],
      [],
      'feed "x": the graph expects float32, not int32',
    ],
    ['a feed of another shape', { x: float([3, 1], 1, 2, 3) }, ['product'], [], 'expects the shape [2, ?], not [3, 1]'],
    ['a feed of another rank', { x: float([2], 1, 2) }, ['product'], [], 'expects the shape [2, ?], not [2]'],
    [
      'a feed with too few values',
      { x: float([2, 2], 1) },
      ['product'],
      [],
      'feed "x": its shape has 4 values, its data 1',
    ],
    ['a feed with a negative size', { y: float([-1, -1], 1) }, ['product'], [], 'feed "y": a side of its shape is -1'],
    [
      'a feed with a fractional size',
      { y: float([0.5, 2], 1) },
      ['product'],
      [],
      'feed "y": a side of its shape is 0.5',
    ],
    [
      'a feed with a huge shape',
      { y: float([2 ** 40, 2 ** 40], 1) },
      ['product'],
      [],
      'its shape has 1.2089258196146292e+24 values',
    ],
    [
      'a feed in an array of another class',
      { x: { dtype: 'float32', shape: [2, 1], data: Int32Array.of(1, 2) } },
      ['product'],
      [],
      'feed "x": its float32 values are in an Int32Array, not in a Float32Array',
    ],
    [
      'an error of an op',
      { x, y: float([2, 2], 1, 2, 3, 4) },
      ['product'],
      [],
      'Matrix size-incompatible: In[0]: [2,1]',
    ],
    ['a run without fetches and targets', {}, [], [], 'Must specify at least one target to fetch or execute.'],
  ])('reports %s and stays usable', async (_, feeds, fetches, targets, message) => {
    const session = new GraphSession([...nodes, handle]);
    await expect(session.run(feeds, fetches, { targets })).rejects.toThrow(message);
    expect(await values(session, { x, y: float([1, 1], 3) }, 'product')).toEqual([[3, 6]]); // the session still works
  });

  test.each<[string, GraphNode[], string]>([
    ['an unknown op', [{ name: 'a', op: 'Nonsense', inputs: [], attributes: {} }], "Op type not registered 'Nonsense'"],
    ['a missing attribute', [{ name: 'a', op: 'Placeholder', inputs: [], attributes: {} }], "missing attr 'dtype'"],
    ['an unknown input', [binary('Neg', 'a', ['b'])], 'the graph has no node "b"'],
    [
      'an unknown control input',
      [constant('c', float([], 1)), binary('Neg', 'a', ['c', '^b'])],
      'the graph has no node "b"',
    ],
    [
      'an unknown output of an input',
      [constant('c', float([], 1)), binary('Neg', 'a', ['c:1'])],
      'Connecting to invalid output 1 of source node c',
    ],
    ['two nodes with the same name', [placeholder('a'), placeholder('a')], "Node 'a' is not unique"],
    [
      'shapes that do not fit',
      [constant('a', float([3], 1, 2, 3)), binary('MatMul', 'b', ['a', 'a'])],
      'must be rank 2',
    ],
  ])('reports %s, in the first nodes and in added ones', async (_, wrong, message) => {
    expect(() => new GraphSession(wrong)).toThrow(message);
    const session = new GraphSession(nodes);
    expect(() => session.extend(wrong)).toThrow(message);
    session.extend([constant('a', float([1], 7))]);
    expect(await values(session, {}, 'a')).toEqual([[7]]);
  });

  test('reports an added node whose name is taken', () => {
    expect(() => new GraphSession(nodes).extend([placeholder('x')])).toThrow(
      "Node name 'x' already exists in the Graph",
    );
  });

  test('reports a missing output of an earlier node', () => {
    const session = new GraphSession(nodes);
    expect(() => session.extend([binary('Neg', 'a', ['x:1'])])).toThrow(
      "Node 'a': Connecting to invalid output 1 of source node x which has 1 outputs",
    );
  });

  test('reports a missing node whose outputs are asked for', () => {
    expect(() => new GraphSession(nodes).outputsOf('z')).toThrow('the graph has no node "z"');
  });
});
