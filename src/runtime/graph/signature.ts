/** From a tape to the nodes of a graph: inputs become placeholders, variables their handles, the rest follows. */
import type { Attribute, NodeBackend } from '../tensorflow-ops.ts';
import type { AttributeValue, GraphNode } from './graph-def.ts';
import type { RecordedOp, Tape, TensorMetadata } from './tape.ts';

/** The tensors that a recorded function is given, and those that it returns, by name. */
export interface SignatureEnds {
  readonly inputs: ReadonlyMap<string, TensorMetadata>;
  readonly outputs: ReadonlyMap<string, TensorMetadata>;
}

/** A variable's handle as it was in the eager world, and its name in the graph. */
export interface GraphVariable {
  readonly handle: number;
  readonly name: string;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Nodes of one signature, and what to ask of a session that holds them. */
export interface SignatureNodes {
  readonly nodes: readonly GraphNode[];
  /** Placeholder of each input, `node:0`. */
  readonly feeds: ReadonlyMap<string, string>;
  /** Endpoint of each output. */
  readonly fetches: ReadonlyMap<string, string>;
  /** Nodes that change variables; all of them must run. */
  readonly targets: readonly string[];
}

/** Attributes that an eager op may leave out because its inputs tell them, but a graph must have. */
const IMPLIED: Readonly<Record<string, (inputTypes: readonly number[]) => Record<string, AttributeValue>>> = {
  ExpandDims: ([type = 0]) => ({ T: { type }, Tdim: { type: INT32 } }),
  Transpose: () => ({ Tperm: { type: INT32 } }),
};

/** Numbers of TensorFlow's `DataType` (types.proto). */
const INT32 = 3;

/** The op that only looks at a variable; every other that takes a handle changes it. */
const READ = 'ReadVariableOp';

/**
 * @param prefix begins the name of every node, so that signatures can share a graph
 * @throws Error naming the op and the attribute or input that cannot be written
 */
export function writeSignature(
  prefix: string,
  tape: Tape,
  ends: SignatureEnds,
  variables: readonly GraphVariable[],
  backend: NodeBackend,
): SignatureNodes {
  const nodes: GraphNode[] = [];
  const endpoints = new Map<number, string>();
  const types = new Map<number, number>();
  const feeds = new Map<string, string>();
  for (const [name, { id, dtype, shape }] of ends.inputs) {
    const node = `${prefix}/${name}`;
    nodes.push({ name: node, op: 'Placeholder', inputs: [], attributes: { dtype: { type: dtype }, shape: { shape } } });
    endpoints.set(id, node);
    types.set(id, dtype);
    feeds.set(name, `${node}:0`);
  }
  const handles = new Map(variables.map((variable) => [variable.handle, variable]));
  const order = new VariableOrder();
  for (const [index, recorded] of tape.ops.entries()) {
    const name = `${prefix}/${index}_${recorded.op}`;
    const inputs = recorded.inputs.map((id) => endpointOf(id, recorded));
    const touched = recorded.inputs.filter((id) => handles.has(id));
    const control = touched.flatMap((id) => order.touch(id, name, recorded.op === READ));
    const inputTypes = recorded.inputs.map((id) => types.get(id) ?? 0);
    nodes.push({
      name,
      op: recorded.op,
      inputs: [...inputs, ...new Set(control.map((node) => `^${node}`))],
      attributes: {
        ...IMPLIED[recorded.op]?.(inputTypes),
        ...Object.fromEntries(recorded.attributes.map((each) => [each.name, encode(each, recorded, backend)])),
      },
    });
    for (const [output, { id, dtype }] of recorded.outputs.entries()) {
      endpoints.set(id, output === 0 ? name : `${name}:${output}`);
      types.set(id, dtype);
    }
  }
  const fetches = new Map([...ends.outputs].map(([name, { id }]) => [name, fetchable(endpointOf(id))]));
  return { nodes, feeds, fetches, targets: order.lastWriters() };

  /** Where a tensor comes from; handles and constants get their node when they are first used. */
  function endpointOf(id: number, user?: RecordedOp): string {
    const known = endpoints.get(id);
    if (known !== undefined) return known;
    const variable = handles.get(id);
    const constant = tape.constants.get(id);
    const name = `${prefix}/${variable ? variable.name : `constant_${endpoints.size}`}`;
    if (variable) nodes.push(handleNode(name, variable));
    else if (constant) {
      const { dtype, shape, data } = constant;
      const attributes = { dtype: { type: dtype }, value: { tensor: { dtype, shape, data } } };
      nodes.push({ name, op: 'Const', inputs: [], attributes });
      types.set(id, dtype);
    } else {
      const place = user ? `${user.op} takes` : 'the function returns';
      throw new Error(`${prefix}: ${place} a tensor from outside the recording: pass it as an input or a variable`);
    }
    endpoints.set(id, name);
    return name;
  }
}

/** The node of a variable's handle; nodes of the same name in one session share the variable. */
export function handleNode(name: string, variable: GraphVariable): GraphNode {
  const { dtype, shape } = variable;
  const attributes = {
    dtype: { type: dtype },
    shape: { shape },
    shared_name: { text: variable.name },
    container: { text: '' },
  };
  return { name, op: 'VarHandleOp', inputs: [], attributes };
}

/** Keeps reads and writes of each variable in the order in which they were recorded. */
class VariableOrder {
  readonly #lastWrite = new Map<number, string>();
  readonly #readsSince = new Map<number, string[]>();

  /** @returns the nodes that have to run before this one */
  touch(variable: number, node: string, reads: boolean): string[] {
    const write = this.#lastWrite.get(variable);
    const earlier = this.#readsSince.get(variable) ?? [];
    const before = write === undefined ? [] : [write];
    if (reads) {
      this.#readsSince.set(variable, [...earlier, node]);
      return before;
    }
    this.#lastWrite.set(variable, node);
    this.#readsSince.set(variable, []);
    return [...before, ...earlier];
  }

  lastWriters(): string[] {
    return [...new Set(this.#lastWrite.values())];
  }
}

function encode({ name, type, value }: Attribute, { op }: RecordedOp, { binding }: NodeBackend): AttributeValue {
  const isType = (kind: string) => type === binding[`TF_ATTR_${kind}`];
  if (isType('TYPE') && typeof value === 'number') return { type: value };
  if (isType('INT') && typeof value === 'number') return { int: value };
  if (isType('INT') && Array.isArray(value)) return { ints: value };
  if (isType('FLOAT') && typeof value === 'number') return { float: value };
  if (isType('BOOL')) return { bool: Boolean(value) };
  if (isType('STRING') && typeof value === 'string') return { text: value };
  if (isType('SHAPE') && Array.isArray(value)) return { shape: value };
  throw new Error(`op ${op}: attribute ${name} of kind ${type} with value ${JSON.stringify(value)} cannot be written`);
}

function fetchable(endpoint: string): string {
  return endpoint.includes(':') ? endpoint : `${endpoint}:0`;
}
