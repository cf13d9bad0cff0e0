import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outerInputs, parseOutput } from '../../../src/runtime/graph/names.ts';
import { binary } from './nodes.ts';

describe('the name of an output', () => {
  test.each([
    ['node', 'node', 0],
    ['node:0', 'node', 0],
    ['a/b_c:12', 'a/b_c', 12],
    ['node:x', 'node:x', 0],
    ['', '', 0],
  ])('%p', (name, node, index) => {
    expect(parseOutput(name)).toEqual({ node, index });
  });

  test('is read back, whatever the node and the number', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (node, index) => {
        expect(parseOutput(`${node}:${index}`)).toEqual({ node, index });
      }),
    );
  });
});

test('the outer inputs of nodes are those that none of them has', () => {
  const nodes = [
    binary('Add', 'a', ['x', 'y:1', '^c']),
    binary('Add', 'b', ['a:0', 'x', '^a']),
    binary('Neg', 'd', ['b']),
  ];
  expect(outerInputs(nodes)).toEqual(['x', 'y:1', '^c']);
});
