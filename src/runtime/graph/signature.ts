/**
 * Writes a recorded function as graph nodes: inputs become placeholders, variables become handles, ops become nodes.
 */
import type { Attribute, NodeBackend } from '../node-backend.ts';
import { BFLOAT16, DATA_TYPES } from './data-types.ts';
import type { AttributeValue, GraphNode } from './graph-def.ts';
import type { NodeOutput } from './session.ts';
import type { Tape, TensorMetadata } from './tape.ts';
import { constantNode, type GraphVariable, handleNode } from './variable.ts';
import { VariableOrder } from './variable-order.ts';

/** The nodes of one signature, and how a session runs them. */
export interface SignatureNodes {
  readonly nodes: readonly GraphNode[];
  /** Name of each input's placeholder, `node:0`. */
  readonly feeds: ReadonlyMap<string, string>;
  /** Name of the node output, `node:0`, that is each of the function's outputs. */
  readonly fetches: ReadonlyMap<string, string>;
  /**
   * Names of the nodes that change variables or have another effect without an output; every run must run all of them.
   */
  readonly targets: readonly string[];
  /** Whether it has collectives; see `RunKind`. */
  readonly collective: boolean;
}

/** Receives nodes as they are written, and returns the outputs of nodes received so far. */
export interface NodeSink {
  add(node: GraphNode): void;
  outputsOf(node: string): readonly NodeOutput[];
}

/** The parts of a recorded node's name. */
interface NamedOp {
  /** The layer that the op belongs to, `LAYER/gradient` in the backward pass, or empty. */
  readonly scope: string;
  readonly op: string;
}

/**
 * Parses the name of a recorded op's node.
 *
 * @returns undefined for other nodes, such as constants and nodes that TensorFlow added
 */
export function parseNodeName(node: string): NamedOp | undefined {
  const match = /^[^/]+\/(?:(.*)\/)?\d+_([A-Za-z0-9]+)$/.exec(node);
  return match?.[2] === undefined ? undefined : { scope: match[1] ?? '', op: match[2] };
}

const FLOAT = DATA_TYPES.float32.number;
const INT32 = DATA_TYPES.int32.number;

/** Attributes that TensorFlow infers from the inputs of an op that is executed alone, but that a graph must state. */
const IMPLIED_ATTRIBUTES: Readonly<Record<string, (inputTypes: readonly number[]) => Record<string, AttributeValue>>> =
  {
    ExpandDims: ([type = 0]) => ({ T: { type }, Tdim: { type: INT32 } }),
    Transpose: () => ({ Tperm: { type: INT32 } }),
  };

/** Ops that read a variable, whole or by rows; all other ops that take a variable change it. */
const READING_OPS = new Set(['ReadVariableOp', 'ResourceGather']);

/** Outputs without a known shape, which only the gradient of the same op takes. */
const OUTPUTS_WITHOUT_SHAPE = new Set(['FusedBatchNormV3:5']);

/**
 * Identifier of the last recorded tensor, over all recordings. Identifiers of recorded tensors are negative: the
 * binding counts its own from 0, and TensorFlow.js never has it delete a negative one.
 */
let lastId = 0;

/** A tape that writes the nodes of one signature. */
export class SignatureWriter implements Tape {
  readonly #prefix: string;
  readonly #backend: NodeBackend;
  readonly #sink: NodeSink;
  /** Returns the layer that the current op belongs to; node names contain it. */
  readonly #scope: () => string;
  readonly #variables: ReadonlyMap<number, GraphVariable>;
  readonly #nodes: GraphNode[] = [];
  readonly #feeds = new Map<string, string>();
  readonly #tensors = new Map<number, { endpoint: string; dtype: number }>();
  readonly #order = new VariableOrder();
  /** Names of the nodes that have no output and change no variable. */
  readonly #effects: string[] = [];
  #constants = 0;
  #ops = 0;

  /**
   * @param prefix prefix of all node names, so that signatures can share a graph
   * @param scope returns the layer that the current op belongs to
   */
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

  /** Adds a placeholder for an input of the function. */
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

  /** @throws Error naming the op whose attribute or input cannot be written, or whose output shape is not known */
  op(op: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): TensorMetadata[] {
    const scope = this.#scope();
    const name = `${this.#prefix}/${scope ? `${scope}/` : ''}${this.#ops++}_${op}`;
    const sources = inputs.map((id) => this.#source(id, `${op} takes`));
    const variables = inputs.filter((id) => this.#variables.has(id));
    const before = new Set(variables.flatMap((id) => this.#order.addAccess(id, name, READING_OPS.has(op))));
    if (outputs === 0 && variables.length === 0) this.#effects.push(name);
    this.#write({
      name,
      op,
      inputs: [...sources.map(({ endpoint }) => endpoint), ...[...before].map((node) => `^${node}`)],
      attributes: {
        ...IMPLIED_ATTRIBUTES[op]?.(sources.map(({ dtype }) => dtype)),
        ...Object.fromEntries(attributes.map((each) => [each.name, encode(each, op, this.#backend)])),
      },
    });
    if (outputs === 0) return [];
    return this.#sink
      .outputsOf(name)
      .slice(0, outputs)
      .map(({ dtype, shape }, output) => {
        const known = OUTPUTS_WITHOUT_SHAPE.has(`${op}:${output}`) ? [] : shape;
        if (!known || known.some((side) => side < 0)) {
          throw new Error(`${this.#prefix}: the output shape of ${op} is not known before it runs`);
        }
        return this.#tensor(output === 0 ? name : `${name}:${output}`, dtype, known);
      });
  }

  holds(id: number): boolean {
    return id < 0;
  }

  /**
   * Ends the recording.
   *
   * @param outputs identifiers of the tensors that the function returns, by name
   */
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
      collective: this.#nodes.some(({ op }) => op.startsWith('Collective')),
    };
  }

  /** The node output that a tensor stands for. The first use of a variable adds the node of its handle. */
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
    return { id, dtype: dtype === BFLOAT16 ? FLOAT : dtype, shape }; // TensorFlow.js has no name for bfloat16
  }
}

/** Converts an attribute from the binding's form to that of a graph node. */
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
