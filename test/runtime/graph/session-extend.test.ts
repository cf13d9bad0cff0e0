/** Tests of adding nodes to a graph session and of the inferred types and shapes. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { GraphSession } from '../../../src/runtime/graph/session.ts';
import { openRuntime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { binary, constant, FLOAT, float, INT32, placeholder, split, values, variable } from './nodes.ts';

describeWithTensorFlow('a graph session', () => {
  beforeAll(async () => {
    await openRuntime({ backend: 'tensorflow' });
  });

  describe('extend', () => {
    test('adds nodes one by one, with earlier nodes as inputs', async () => {
      const session = new GraphSession([]);
      session.extend([placeholder('x')]);
      for (let i = 0; i < 20; i++) {
        const before = i === 0 ? 'x' : `sum${i - 1}:0`;
        session.extend([binary('AddV2', `sum${i}`, [before, 'x'])]);
      }
      expect(await values(session, { x: float([2], 1, 2) }, 'sum19')).toEqual([[21, 42]]);
    });

    test('accepts every output of an earlier node as an input, together with new nodes', async () => {
      const session = new GraphSession(split(3));
      session.extend([
        constant('two', float([], 2)),
        binary('Mul', 'twice', ['split:2', 'two']),
        binary('Sub', 'difference', ['twice', 'split:1']),
        binary('Sub', 'other', ['split', 'difference']),
      ]);
      const x = float([3], 5, 6, 7);
      expect(await values(session, { x }, 'twice', 'difference', 'other')).toEqual([[14], [8], [-3]]);
    });

    test('accepts an earlier node as a control input', async () => {
      const session = new GraphSession(variable('', 'shared'));
      const read = { op: 'ReadVariableOp', inputs: ['handle', '^set'], attributes: { dtype: { type: FLOAT } } };
      session.extend([{ name: 'afterSet', ...read }]);
      session.extend([{ ...read, name: 'afterAdd', inputs: ['handle', '^add'] }]);
      expect(await values(session, { value: float([], 4) }, 'afterSet')).toEqual([[4]]);
      expect(await values(session, { value: float([], 1) }, 'afterAdd')).toEqual([[5]]);
    });

    test('adds nodes between runs and keeps the values of variables', async () => {
      const session = new GraphSession(variable('', 'shared'));
      await session.run({ value: float([], 40) }, [], { targets: ['set'] });
      session.extend([constant('two', float([], 2)), binary('AddV2', 'sum', ['read', 'two'])]);
      expect(await values(session, {}, 'sum')).toEqual([[42]]);
    });

    test('adds no node after an error', async () => {
      const session = new GraphSession([placeholder('x')]);
      const good = binary('Neg', 'negated', ['x']);
      const bad = binary('MatMul', 'product', ['negated', 'nothing']);
      expect(() => session.extend([good, bad])).toThrow('the graph has no node "nothing"');
      expect(() => session.extend([good, { ...bad, inputs: ['negated'] }])).toThrow('product');
      expect(() => session.outputsOf('negated')).toThrow('the graph has no node "negated"');
      session.extend([good]);
      expect(await values(session, { x: float([], 1) }, 'negated')).toEqual([[-1]]);
    });
  });

  describe('outputsOf', () => {
    test('returns the type and the known part of the shape of an output', () => {
      const session = new GraphSession([
        placeholder('x', [2, -1]),
        placeholder('y'),
        placeholder('scalar', [], INT32),
        binary('MatMul', 'product', ['x', 'y']),
      ]);
      expect(session.outputsOf('x')).toEqual([{ dtype: FLOAT, shape: [2, -1] }]);
      expect(session.outputsOf('y')).toEqual([{ dtype: FLOAT, shape: null }]);
      expect(session.outputsOf('scalar')).toEqual([{ dtype: INT32, shape: [] }]);
      expect(session.outputsOf('product')).toEqual([{ dtype: FLOAT, shape: [2, -1] }]);
    });

    test('returns all outputs of a node, or none', () => {
      const session = new GraphSession([...split(3), ...variable('', 'shared')]);
      expect(session.outputsOf('split')).toEqual(Array(3).fill({ dtype: FLOAT, shape: null }));
      expect(session.outputsOf('set')).toEqual([]);
      expect(session.outputsOf('handle')).toEqual([{ dtype: 20, shape: [] }]); // a resource
    });

    test('infers the shape of a new node from an earlier one', () => {
      const session = new GraphSession([placeholder('x', [4, 3])]);
      session.extend([binary('Square', 'square', ['x'])]);
      expect(session.outputsOf('square')).toEqual([{ dtype: FLOAT, shape: [4, 3] }]);
    });

    test('returns the declared shape of a variable', () => {
      const session = new GraphSession(variable('', 'shared'));
      expect(session.outputsOf('read')).toEqual([{ dtype: FLOAT, shape: [] }]);
    });
  });
});
