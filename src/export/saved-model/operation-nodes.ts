/** Collects TensorFlow's nodes of one operation of a network, and names them after it. */
import { DATA_TYPES } from '../../runtime/graph/data-types.ts';
import type { GraphNode } from '../../runtime/graph/graph-def.ts';
import { constantNode } from '../../runtime/graph/variable.ts';
import type { InferenceGraph, Weight } from '../inference/graph.ts';
import { halfBits } from '../inference/half-bits.ts';

/** TensorFlow's number of float32 (types.proto). */
export const FLOAT = DATA_TYPES.float32.number;
/** TensorFlow's number of int32. */
export const INT32 = DATA_TYPES.int32.number;
/** TensorFlow's number of float16. */
const HALF = 19;

/** The nodes of one operation. Each method adds a node, and returns the node's name. */
export class OperationNodes {
  readonly nodes: GraphNode[] = [];
  readonly #operation: string;
  readonly #weightType: InferenceGraph['weightType'];

  /** @param operation name of the operation */
  constructor(operation: string, weightType: InferenceGraph['weightType']) {
    this.#operation = operation;
    this.#weightType = weightType;
  }

  /** A weight under its own name, as float32; it is stored in the weights' type. */
  weight(weight: Weight): string {
    const { name, shape, values } = weight;
    if (this.#weightType === 'float32') return this.#add(constantNode(name, FLOAT, shape, values));
    const stored = this.#add(constantNode(name, HALF, shape, halfBits(weight)));
    const attributes = { SrcT: { type: HALF }, DstT: { type: FLOAT } };
    return this.#add({ name: `${name}/float32`, op: 'Cast', inputs: [stored], attributes });
  }

  /** @param dtype TensorFlow's number of the type */
  constant(part: string, dtype: number, shape: readonly number[], data: ArrayBufferView): string {
    return this.#add(constantNode(`${this.#operation}/${part}`, dtype, shape, data));
  }

  /** An op on float32 whose result only this operation uses. */
  step(part: string, op: string, inputs: readonly string[], attributes?: GraphNode['attributes']): string {
    return this.#op(`${this.#operation}/${part}`, op, inputs, attributes);
  }

  /** The op on float32 whose result is the operation's, under the operation's name. */
  result(op: string, inputs: readonly string[], attributes?: GraphNode['attributes']): string {
    return this.#op(this.#operation, op, inputs, attributes);
  }

  #op(name: string, op: string, inputs: readonly string[], attributes: GraphNode['attributes'] = {}): string {
    return this.#add({ name, op, inputs, attributes: { T: { type: FLOAT }, ...attributes } });
  }

  #add(node: GraphNode): string {
    this.nodes.push(node);
    return node.name;
  }
}
