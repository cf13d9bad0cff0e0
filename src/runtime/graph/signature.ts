/** The nodes of a recorded function: inputs become placeholders, variables their handles, the rest follows. */
import type { Attribute, NodeBackend } from '../node-backend.ts';
import { DATA_TYPES } from './data-types.ts';
import type { AttributeValue, GraphNode } from './graph-def.ts';
import type { NodeOutput } from './session.ts';
import type { Tape, TensorMetadata } from './tape.ts';
import { constantNode, type GraphVariable, handleNode } from './variable.ts';
import { VariableOrder } from './variable-order.ts';

/** Nodes of one signature, and what to ask of a session that holds them. */
export interface SignatureNodes {
  readonly nodes: readonly GraphNode[];
  /** Placeholder of each input, `node:0`. */
  readonly feeds: ReadonlyMap<string, string>;
  /** Endpoint of each output. */
  readonly fetches: ReadonlyMap<string, string>;
  /** Nodes that change variables, or do something else that is no output; all of them must run. */
  readonly targets: readonly string[];
}

/** Takes nodes as they are written, and tells what those written so far return. */
export interface NodeSink {
  add(node: GraphNode): void;
  outputsOf(node: string): readonly NodeOutput[];
}

/** What the name of a recorded op's node tells. */
export interface NamedOp {
  /** The layer that it belongs to, `LAYER/gradient` in the backward pass, or empty. */
  readonly scope: string;
  readonly op: string;
}

/** @returns undefined for nodes that TensorFlow added, for constants and the like */
export function parseNodeName(node: string): NamedOp | undefined {
  const match = /^[^/]+\/(?:(.*)\/)?\d+_([A-Za-z0-9]+)$/.exec(node);
  return match?.[2] === undefined ? undefined : { scope: match[1] ?? '', op: match[2] };
}

const INT32 = DATA_TYPES.int32.number;

/** Attributes that an eager op may leave out because its inputs tell them, but a graph must have. */
const IMPLIED: Readonly<Record<string, (inputTypes: readonly number[]) => Record<string, AttributeValue>>> = {
  ExpandDims: ([type = 0]) => ({ T: { type }, Tdim: { type: INT32 } }),
  Transpose: () => ({ Tperm: { type: INT32 } }),
};

/** The op that only looks at a variable, and the one that looks at some of its rows; all others change it. */
const READS = new Set(['ReadVariableOp', 'ResourceGather']);

/** Outputs without a shape, which only the gradient of the same op takes. */
const OPAQUE = new Set(['FusedBatchNormV3:5']);

/**
 * The number of the last tensor that was recorded, in any recording. They are negative: the binding counts its own from 0,
 * and TensorFlow.js has it delete none below.
 */
let lastId = 0;

/** A tape that writes nodes. */
export class SignatureWriter implements Tape {
  readonly #prefix: string;
  readonly #backend: NodeBackend;
  readonly #sink: NodeSink;
  /** Begins the name of an op: the layer that it belongs to. */
  readonly #scope: () => string;
  readonly #variables: ReadonlyMap<number, GraphVariable>;
  readonly #nodes: GraphNode[] = [];
  readonly #feeds = new Map<string, string>();
  readonly #tensors = new Map<number, { endpoint: string; dtype: number }>();
  readonly #order = new VariableOrder();
  /** Nodes without outputs that change no variable either. */
  readonly #effects: string[] = [];
  #constants = 0;
  #ops = 0;

  /** @param prefix begins the name of every node, so that signatures can share a graph */
  constructor(
    prefix: string,
    backend: NodeBackend,
    variables: readonly GraphVariable[],
    scope: () => string,
    sink: NodeSink,
  ) {
    this.#prefix = prefix;
    this.#backend = backend;
    this.#scope = scope;
    this.#sink = sink;
    this.#variables = new Map(variables.map((variable) => [variable.handle, variable]));
  }

  input(name: string, dtype: number, shape: readonly number[]): TensorMetadata {
    const node = `${this.#prefix}/${name}`;
    this.#feeds.set(name, `${node}:0`);
    this.#write({
      name: node,
      op: 'Placeholder',
      inputs: [],
      attributes: { dtype: { type: dtype }, shape: { shape } },
    });
    return this.#tensor(node, dtype, shape);
  }

  constant(shape: readonly number[], dtype: number, data: ArrayBufferView): TensorMetadata {
    const name = `${this.#prefix}/constant_${this.#constants++}`;
    this.#write(constantNode(name, dtype, shape, data));
    return this.#tensor(name, dtype, [...shape]);
  }

  /** @throws Error naming the op and the attribute or input that cannot be written */
  op(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): TensorMetadata[] {
    const scope = this.#scope();
    const name = `${this.#prefix}/${scope ? `${scope}/` : ''}${this.#ops++}_${op}`;
    const sources = inputs.map((id) => this.#source(id, `${op} takes`));
    const variables = inputs.filter((id) => this.#variables.has(id));
    const before = new Set(variables.flatMap((id) => this.#order.touch(id, name, READS.has(op))));
    if (outputs === 0 && variables.length === 0) this.#effects.push(name);
    this.#write({
      name,
      op,
      inputs: [...sources.map(({ endpoint }) => endpoint), ...[...before].map((node) => `^${node}`)],
      attributes: {
        ...IMPLIED[op]?.(sources.map(({ dtype }) => dtype)),
        ...Object.fromEntries(attributes.map((each) => [each.name, encode(each, op, this.#backend)])),
      },
    });
    if (outputs === 0) return [];
    return this.#sink
      .outputsOf(name)
      .slice(0, outputs)
      .map(({ dtype, shape }, output) => {
        const known = OPAQUE.has(`${op}:${output}`) ? [] : shape;
        if (!known || known.some((side) => side < 0)) {
          throw new Error(`${this.#prefix}: the shape of what ${op} returns cannot be told before it runs`);
        }
        return this.#tensor(output === 0 ? name : `${name}:${output}`, dtype, known);
      });
  }

  holds(id: number): boolean {
    return id < 0;
  }

  /** @param outputs numbers of the tensors that the function returns, by name */
  finish(outputs: ReadonlyMap<string, number>): SignatureNodes {
    const fetches = [...outputs].map(([name, id]): [string, string] => {
      const { endpoint } = this.#source(id, 'the function returns');
      return [name, endpoint.includes(':') ? endpoint : `${endpoint}:0`];
    });
    return {
      nodes: this.#nodes,
      feeds: this.#feeds,
      fetches: new Map(fetches),
      targets: [...this.#order.lastWriters(), ...this.#effects],
    };
  }

  /** Where a tensor comes from; the handle of a variable gets its node when it is first used. */
  #source(id: number, use: string): { endpoint: string; dtype: number } {
    const known = this.#tensors.get(id);
    if (known) return known;
    const variable = this.#variables.get(id);
    if (!variable) {
      throw new Error(`${this.#prefix}: ${use} a tensor from outside the recording: pass it as an input or a variable`);
    }
    const source = { endpoint: `${this.#prefix}/variable/${variable.name}`, dtype: DATA_TYPES[variable.dtype].number };
    this.#write(handleNode(source.endpoint, variable));
    this.#tensors.set(id, source);
    return source;
  }

  #write(node: GraphNode): void {
    this.#nodes.push(node);
    this.#sink.add(node);
  }

  #tensor(endpoint: string, dtype: number, shape: readonly number[]): TensorMetadata {
    lastId -= 1;
    const id = lastId;
    this.#tensors.set(id, { endpoint, dtype });
    return { id, dtype, shape };
  }
}

function encode({ name, type, value }: Attribute, op: string, { binding }: NodeBackend): AttributeValue {
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
