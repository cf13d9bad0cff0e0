/** The nodes of a graph's variables: named values that persist from one run to the next. */
import { DATA_TYPES, type DataType } from './data-types.ts';
import type { GraphNode } from './graph-def.ts';

/** A variable of a graph. */
export interface GraphVariable {
  /** The binding's identifier of the variable's handle. */
  readonly handle: number;
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

/** The node of a variable's handle. All nodes with the same `shared_name` in a session share one variable. */
export function handleNode(node: string, { name, dtype, shape }: GraphVariable): GraphNode {
  const attributes = {
    dtype: { type: DATA_TYPES[dtype].number },
    shape: { shape },
    shared_name: { text: name },
    container: { text: '' },
  };
  return { name: node, op: 'VarHandleOp', inputs: [], attributes };
}

/** How a variable is accessed outside recorded functions: read whole, set to a fed value, or set to zeros. */
export type Access = 'read' | 'assign' | 'clear';

/** Name of the node to fetch for `read`, or to run for `assign` and `clear`. */
export function accessName(access: Access, { name }: Pick<GraphVariable, 'name'>): string {
  return `${access}/${name}`;
}

/** Name of the placeholder for the value to assign. */
export function valueName({ name }: Pick<GraphVariable, 'name'>): string {
  return `assign/${name}/value`;
}

/** The nodes of an access to a variable, including a handle of their own. */
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

/**
 * The node of a constant.
 *
 * @param dtype TensorFlow's number of the type (types.proto)
 * @param data values in row-major order
 */
export function constantNode(name: string, dtype: number, shape: readonly number[], data: ArrayBufferView): GraphNode {
  const attributes = { dtype: { type: dtype }, value: { tensor: { dtype, shape, data } } };
  return { name, op: 'Const', inputs: [], attributes };
}
