/** Variables of a graph: named values that its runs leave behind for one another. */
import { DATA_TYPES, type DataType } from './data-types.ts';
import type { GraphNode } from './graph-def.ts';

/** A variable's handle as TensorFlow.js knows it, and its name in the graph. */
export interface GraphVariable {
  readonly handle: number;
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

/** The node of a variable's handle; nodes of the same `shared_name` in one session share the variable. */
export function handleNode(node: string, { name, dtype, shape }: GraphVariable): GraphNode {
  const attributes = {
    dtype: { type: DATA_TYPES[dtype].number },
    shape: { shape },
    shared_name: { text: name },
    container: { text: '' },
  };
  return { name: node, op: 'VarHandleOp', inputs: [], attributes };
}

/**
 * Nodes that read a variable whole (`read/NAME`), assign to it (`assign/NAME`) what is fed to `value/NAME`, and set it to
 * zeros (`clear/NAME`).
 */
export function accessNodes(variable: GraphVariable): GraphNode[] {
  const { name, dtype, shape } = variable;
  const { number, array } = DATA_TYPES[dtype];
  const int32 = DATA_TYPES.int32.number;
  const type = { type: number };
  const constant = (node: string, of: number, sides: readonly number[], data: ArrayBufferView): GraphNode => ({
    name: `${node}/${name}`,
    op: 'Const',
    inputs: [],
    attributes: { dtype: { type: of }, value: { tensor: { dtype: of, shape: sides, data } } },
  });
  const assignment = (node: string, value: string): GraphNode => ({
    name: `${node}/${name}`,
    op: 'AssignVariableOp',
    inputs: [`handle/${name}`, `${value}/${name}`],
    attributes: { dtype: type },
  });
  return [
    handleNode(`handle/${name}`, variable),
    { name: `read/${name}`, op: 'ReadVariableOp', inputs: [`handle/${name}`], attributes: { dtype: type } },
    { name: `value/${name}`, op: 'Placeholder', inputs: [], attributes: { dtype: type, shape: { shape } } },
    assignment('assign', 'value'),
    constant('shape', int32, [shape.length], Int32Array.from(shape)),
    constant('zero', number, [], new Uint8Array(array.BYTES_PER_ELEMENT)),
    {
      name: `zeros/${name}`,
      op: 'Fill',
      inputs: [`shape/${name}`, `zero/${name}`],
      attributes: { T: type, index_type: { type: int32 } },
    },
    assignment('clear', 'zeros'),
  ];
}
