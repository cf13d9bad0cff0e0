import { createRequire } from 'node:module';
import { beforeAll, expect, test } from '@jest/globals';
import type { HostTensor } from '../../../src/runtime/graph/data-types.ts';
import { encodeGraphDef, type GraphNode } from '../../../src/runtime/graph/graph-def.ts';
import { GraphSession } from '../../../src/runtime/graph/session.ts';
import { runtimeLocations } from '../../../src/runtime/locations.ts';
import { openRuntime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { standardError } from '../../support/standard-error.ts';
import { binary, constant, FLOAT, float, placeholder, values } from './nodes.ts';

describeWithTensorFlow('a graph session says what is wrong:', () => {
  beforeAll(async () => {
    await openRuntime({ backend: 'tensorflow' });
  });

  const nodes = [placeholder('x', [2, -1]), placeholder('y'), binary('MatMul', 'product', ['x', 'y'])];
  const attributes = { dtype: { type: FLOAT }, shape: { shape: [] } };
  const handle = { name: 'handle', op: 'VarHandleOp', inputs: [], attributes };
  const x = float([2, 1], 1, 2);

  test.each<[string, Record<string, HostTensor>, string[], string[], string]>([
    ['a fetch of no node', {}, ['z'], [], 'the graph has no node "z"'],
    ['a fetch of no output', {}, ['product:1'], [], 'the graph has no output "product:1"'],
    ['a fetch by a wrong name', {}, ['product:x'], [], 'the graph has no output "product:x"'],
    [
      'a fetch that is no array of numbers',
      {},
      ['handle'],
      [],
      'fetch "handle": tensors of dtype 20 can\'t be fetched',
    ],
    ['a target that is no node', {}, [], ['z'], 'the graph has no node "z"'],
    ['a feed of no node', { z: x }, ['product'], [], 'the graph has no node "z"'],
    ['a missing feed', { x }, ['product'], [], "You must feed a value for placeholder tensor 'y'"],
    [
      'a feed of another type',
      { x: { dtype: 'int32', shape: [2, 1], data: Int32Array.of(1, 2) } },
      ['product'],
      [],
      'feed "x": the graph expects float32, not int32',
    ],
    ['a feed of another shape', { x: float([3, 1], 1, 2, 3) }, ['product'], [], 'the graph expects the shape [2, ?]'],
    ['a feed of another rank', { x: float([2], 1, 2) }, ['product'], [], 'the graph expects the shape [2, ?]'],
    ['too few values', { x: float([2, 2], 1) }, ['product'], [], 'feed "x": its shape has 4 values, its data 1'],
    ['a negative side', { y: float([-1, -1], 1) }, ['product'], [], 'feed "y": a side of its shape is -1'],
    ['a huge shape', { y: float([2 ** 40, 2 ** 40], 1) }, ['product'], [], 'larger than any memory'],
    [
      'an array of the wrong kind',
      { x: { dtype: 'float32', shape: [2, 1], data: Int32Array.of(1, 2) } },
      ['product'],
      [],
      'feed "x": its data is not the kind of typed array that holds float32',
    ],
    [
      "an op's own error",
      { x, y: float([2, 2], 1, 2, 3, 4) },
      ['product'],
      [],
      'Matrix size-incompatible: In[0]: [2,1]',
    ],
    ['nothing to do', {}, [], [], 'Must specify at least one target to fetch or execute.'],
  ])('%s', async (_, feeds, fetches, targets, message) => {
    const session = new GraphSession([...nodes, handle]);
    await expect(session.run(feeds, fetches, { targets })).rejects.toThrow(message);
    expect(await values(session, { x, y: float([1, 1], 3) }, 'product')).toEqual([[3, 6]]); // is as good as before
  });

  test.each<[string, GraphNode[], string]>([
    ['an unknown op', [{ name: 'a', op: 'Nonsense', inputs: [], attributes: {} }], "Op type not registered 'Nonsense'"],
    ['a missing attribute', [{ name: 'a', op: 'Placeholder', inputs: [], attributes: {} }], "missing attr 'dtype'"],
    ['an unknown input', [binary('Neg', 'a', ['b'])], "Node 'a': Unknown input node 'b'"],
    ['two nodes of one name', [placeholder('a'), placeholder('a')], "Node 'a' is not unique"],
    [
      'shapes that do not fit',
      [constant('a', float([3], 1, 2, 3)), binary('MatMul', 'b', ['a', 'a'])],
      'must be rank 2',
    ],
  ])('%s, at first and when nodes are added', async (_, wrong, message) => {
    expect(() => new GraphSession(wrong)).toThrow(message);
    const session = new GraphSession(nodes);
    expect(() => session.extend(wrong)).toThrow(message);
    session.extend([constant('a', float([1], 7))]);
    expect(await values(session, {}, 'a')).toEqual([[7]]);
  });

  test('an added node whose name is taken', () => {
    expect(() => new GraphSession(nodes).extend([placeholder('x')])).toThrow(
      "Node name 'x' already exists in the Graph",
    );
  });

  test('bytes that are no graph or no configuration, and a target that is no server', async () => {
    const { GraphSession: Native } = createRequire(import.meta.url)(runtimeLocations().graphSession);
    const graph = encodeGraphDef(nodes);
    expect(() => new Native(Uint8Array.of(1, 2, 3))).toThrow('Invalid GraphDef');
    expect(() => new Native(graph, Uint8Array.of(1, 2, 3))).toThrow('Unparseable ConfigProto');
    await standardError(async () =>
      expect(() => new Native(graph, undefined, 'nonsense://')).toThrow('No session factory registered'),
    );
    expect(() => new Native()).toThrow('Invalid argument');
  });
});
