/** Tests of parsing the names of nodes' outputs. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outerInputs, parseOutput } from '../../../src/runtime/graph/names.ts';
import { binary } from './nodes.ts';

describe('parseOutput', () => {
  test.each([
    ['node', 'node', 0],
    ['node:0', 'node', 0],
    ['a/b_c:12', 'a/b_c', 12],
    ['node:x', 'node:x', 0],
    ['', '', 0],
  ])('parses %p', (name, node, index) => {
    expect(parseOutput(name)).toEqual({ node, index });
  });

  test('parses the name of any node with any index', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (node, index) => {
        expect(parseOutput(`${node}:${index}`)).toEqual({ node, index });
      }),
    );
  });
});

test('outerInputs returns the inputs that come from other nodes', () => {
  const nodes = [
    binary('Add', 'a', ['x', 'y:1', '^c']),
    binary('Add', 'b', ['a:0', 'x', '^a']),
    binary('Neg', 'd', ['b']),
  ];
  expect(outerInputs(nodes)).toEqual(['x', 'y:1', '^c']);
});
