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

/** How a variable is met outside recorded functions: read whole, assigned what is fed, or set to zeros. */
export type Access = 'read' | 'assign' | 'clear';

/** The name of the node to fetch (`read`) or to run. */
export function accessName(access: Access, { name }: Pick<GraphVariable, 'name'>): string {
  return `${access}/${name}`;
}

/** The placeholder of the value to assign. */
export function valueName({ name }: Pick<GraphVariable, 'name'>): string {
  return `assign/${name}/value`;
}

/** The nodes of an access, with a handle of their own. */
export function accessNodes(access: Access, variable: GraphVariable): GraphNode[] {
  const { dtype, shape } = variable;
  const { number, array } = DATA_TYPES[dtype];
  const type = { type: number };
  const name = accessName(access, variable);
  const handle = handleNode(`${name}/handle`, variable);
  const assignment = (value: string): GraphNode => {
    return { name, op: 'AssignVariableOp', inputs: [handle.name, value], attributes: { dtype: type } };
  };
  switch (access) {
    case 'read':
      return [handle, { name, op: 'ReadVariableOp', inputs: [handle.name], attributes: { dtype: type } }];
    case 'assign': {
      const value = valueName(variable);
      const placeholder = { dtype: type, shape: { shape } };
      return [handle, { name: value, op: 'Placeholder', inputs: [], attributes: placeholder }, assignment(value)];
    }
    case 'clear': {
      const int32 = DATA_TYPES.int32.number;
      const sides = constantNode(`${name}/shape`, int32, [shape.length], Int32Array.from(shape));
      const zero = constantNode(`${name}/zero`, number, [], new Uint8Array(array.BYTES_PER_ELEMENT));
      const fill = { T: type, index_type: { type: int32 } };
      const zeros = { name: `${name}/zeros`, op: 'Fill', inputs: [sides.name, zero.name], attributes: fill };
      return [handle, sides, zero, zeros, assignment(zeros.name)];
    }
  }
}

/** @param dtype TensorFlow's number */
export function constantNode(name: string, dtype: number, shape: readonly number[], data: ArrayBufferView): GraphNode {
  const attributes = { dtype: { type: dtype }, value: { tensor: { dtype, shape, data } } };
  return { name, op: 'Const', inputs: [], attributes };
}
