/** Small graphs for the tests of sessions. */
import type { HostTensor } from '../../../src/runtime/graph/data-types.ts';
import type { GraphNode } from '../../../src/runtime/graph/graph-def.ts';
import type { GraphSession } from '../../../src/runtime/graph/session.ts';

export const FLOAT = 1;
export const INT32 = 3;

export function float(shape: readonly number[], ...values: number[]): HostTensor {
  return { dtype: 'float32', shape, data: Float32Array.from(values) };
}

export function placeholder(name: string, shape?: readonly number[], dtype = FLOAT): GraphNode {
  return {
    name,
    op: 'Placeholder',
    inputs: [],
    attributes: { dtype: { type: dtype }, ...(shape && { shape: { shape } }) },
  };
}

export function constant(name: string, { shape, data }: HostTensor, dtype = FLOAT): GraphNode {
  const attributes = { dtype: { type: dtype }, value: { tensor: { dtype, shape, data } } };
  return { name, op: 'Const', inputs: [], attributes };
}

export function binary(op: string, name: string, inputs: readonly string[], type = FLOAT): GraphNode {
  return { name, op, inputs, attributes: { T: { type } } };
}

/** A node `split` that cuts `x` into equal parts, one for each of its outputs. */
export function split(parts: number): GraphNode[] {
  return [
    constant('axis', { dtype: 'int32', shape: [], data: Int32Array.of(0) }, INT32),
    placeholder('x'),
    {
      name: 'split',
      op: 'Split',
      inputs: ['axis', 'x'],
      attributes: { T: { type: FLOAT }, num_split: { int: parts } },
    },
  ];
}

/**
 * A scalar variable. The node `<prefix>set` sets it to `<prefix>value`, `<prefix>add` adds this value, and
 * `<prefix>read` reads it.
 */
export function variable(prefix: string, sharedName: string): GraphNode[] {
  const dtype = { type: FLOAT };
  const handle = { dtype, shape: { shape: [] }, shared_name: { text: sharedName } };
  const inputs = [`${prefix}handle`, `${prefix}value`];
  return [
    { name: `${prefix}handle`, op: 'VarHandleOp', inputs: [], attributes: handle },
    placeholder(`${prefix}value`, []),
    { name: `${prefix}set`, op: 'AssignVariableOp', inputs, attributes: { dtype } },
    { name: `${prefix}add`, op: 'AssignAddVariableOp', inputs, attributes: { dtype } },
    { name: `${prefix}read`, op: 'ReadVariableOp', inputs: [`${prefix}handle`], attributes: { dtype } },
  ];
}

/** Matrix products that take about 100 ms. */
export const SLOW: GraphNode[] = [
  constant('size', { dtype: 'int32', shape: [2], data: Int32Array.of(2000, 2000) }, INT32),
  { name: 'matrix', op: 'RandomUniform', inputs: ['size'], attributes: { T: { type: INT32 }, dtype: { type: FLOAT } } },
  binary('MatMul', 'square', ['matrix', 'matrix']),
  binary('MatMul', 'cube', ['square', 'matrix']),
  constant('both', { dtype: 'int32', shape: [2], data: Int32Array.of(0, 1) }, INT32),
  { ...binary('Max', 'slow', ['cube', 'both']), attributes: { T: { type: FLOAT }, Tidx: { type: INT32 } } },
];

/** Runs a graph and returns the values of the fetched outputs. */
export async function values(session: GraphSession, feeds: Record<string, HostTensor>, ...fetches: string[]) {
  const { tensors } = await session.run(feeds, fetches);
  return tensors.map(({ data }) => [...data]);
}
