/**
 * The two recordings of a function. During the first one TensorFlow infers the outputs of each node. The second one
 * must give the same nodes: a difference means that a value was computed in JavaScript and would become a constant of
 * the graph.
 */
import type { AttributeValue, ConstantTensor, GraphNode } from './graph-def.ts';
import { parseOutput } from './names.ts';
import { GraphSession, type NodeOutput } from './session.ts';
import type { NodeSink, SignatureNodes } from './signature.ts';

/**
 * Ops without inputs, which are copied into each new scratch graph. A placeholder in their place would lose constant
 * values, on which shapes may depend.
 */
const SOURCE_OPS = new Set(['Const', 'Placeholder', 'VarHandleOp']);

/** Most nodes of one scratch graph. An import visits all nodes of its graph: 5,000 nodes in one graph took 27 s. */
const MAX_SCRATCH_NODES = 200;

/**
 * Infers the outputs of nodes by TensorFlow's shape functions, in graphs that are never run. When a graph has grown
 * large, a new one begins, in which placeholders replace the outputs of earlier nodes.
 */
export class ScratchGraph implements NodeSink {
  readonly #sources = new Map<string, GraphNode>();
  readonly #outputs = new Map<string, readonly NodeOutput[]>();
  #session = new GraphSession([]);
  /** Names of the nodes in the current session. */
  #present = new Set<string>();
  /** Nodes that are not in a session yet. */
  #pending: GraphNode[] = [];

  add(node: GraphNode): void {
    if (SOURCE_OPS.has(node.op)) this.#sources.set(node.name, node);
    else this.#pending.push(node);
  }

  outputsOf(name: string): readonly NodeOutput[] {
    const known = this.#outputs.get(name);
    if (known) return known;
    if (this.#present.size > MAX_SCRATCH_NODES) {
      this.#session.close();
      this.#session = new GraphSession([]);
      this.#present = new Set();
    }
    this.#session.extend(this.#importable(this.#pending));
    for (const node of this.#pending) this.#outputs.set(node.name, this.#session.outputsOf(node.name));
    this.#pending = [];
    return this.#outputs.get(name) ?? [];
  }

  close(): void {
    this.#session.close();
  }

  /** The nodes without control inputs, preceded by the inputs that the session lacks. */
  #importable(nodes: readonly GraphNode[]): GraphNode[] {
    const all: GraphNode[] = [];
    for (const node of nodes) {
      const inputs = node.inputs.filter((input) => !input.startsWith('^')).map((input) => this.#input(input, all));
      all.push({ ...node, inputs });
      this.#present.add(node.name);
    }
    return all;
  }

  /**
   * Name of an input in the current session. If the session lacks it, its source or a placeholder is added to `all`.
   */
  #input(input: string, all: GraphNode[]): string {
    const { node, index } = parseOutput(input);
    if (this.#present.has(node)) return input;
    const source = this.#sources.get(node);
    const name = source ? node : `${node}/output_${index}`;
    if (!this.#present.has(name)) all.push(source ?? placeholderFor(name, this.#outputs.get(node)?.[index]));
    this.#present.add(name);
    return name;
  }
}

/** A placeholder of an output's type and shape. */
function placeholderFor(name: string, output: NodeOutput | undefined): GraphNode {
  const { dtype = 0, shape = null } = output ?? {};
  const attributes = { dtype: { type: dtype }, ...(shape ? { shape: { shape } } : {}) };
  return { name, op: 'Placeholder', inputs: [], attributes };
}

/** Compares the second recording of a function with the first, node by node. */
export class RecordingComparison implements NodeSink {
  readonly #first: SignatureNodes;
  readonly #scratch: ScratchGraph;
  readonly #name: string;
  #next = 0;

  /** @param name the signature's name, for messages */
  constructor(name: string, first: SignatureNodes, scratch: ScratchGraph) {
    this.#name = name;
    this.#first = first;
    this.#scratch = scratch;
  }

  /** @throws Error naming the first op, attribute, input or constant in which the two recordings differ */
  add(node: GraphNode): void {
    const first = this.#first.nodes[this.#next++];
    const place = `${this.#name}: ${first?.name}`;
    if (!first) throw new Error(`${this.#name}: ${node.name} is only in the second recording`);
    if (first.op !== node.op) throw new Error(`${place} is ${node.name} in the second recording`);
    if (String(first.inputs) !== String(node.inputs)) {
      const [inputs, others] = [first.inputs.join(', '), node.inputs.join(', ')];
      throw new Error(`${place} has the inputs ${inputs}, in the second recording ${others}`);
    }
    for (const attribute of new Set([...Object.keys(first.attributes), ...Object.keys(node.attributes)])) {
      const value = first.attributes[attribute];
      if (isSame(value, node.attributes[attribute])) continue;
      if (value && 'tensor' in value) throw new Error(`${this.#name}: ${this.#changedConstant(first, value.tensor)}`);
      throw new Error(`${place} has another attribute ${attribute} in the second recording`);
    }
  }

  outputsOf(node: string): readonly NodeOutput[] {
    return this.#scratch.outputsOf(node);
  }

  /** @throws Error if the second recording has fewer nodes or other outputs */
  finish(second: SignatureNodes): void {
    const missing = this.#first.nodes[this.#next];
    if (missing) throw new Error(`${this.#name}: ${missing.name} is only in the first recording`);
    const [returned, otherReturned] = [this.#first, second].map(({ fetches }) =>
      [...fetches].map(([output, endpoint]) => `${output} from ${endpoint}`).join(', '),
    );
    if (returned !== otherReturned) {
      throw new Error(`${this.#name} returns ${returned}, in the second recording ${otherReturned}`);
    }
  }

  /** The message about a constant that differs between the recordings; it names the op that takes the constant. */
  #changedConstant({ name }: GraphNode, { shape }: ConstantTensor): string {
    const user = this.#first.nodes.find(({ inputs }) => inputs.includes(name));
    const use = user ? `${user.name} takes as input ${user.inputs.indexOf(name)}` : 'it makes';
    return (
      `${use} a tensor of shape [${shape}] made from JavaScript values that differ from one recording to the next: ` +
      'pass it as an input'
    );
  }
}

/** Whether two attributes have equal values; constants are compared byte by byte. */
function isSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (!a || !b || !('tensor' in a) || !('tensor' in b)) return JSON.stringify(a) === JSON.stringify(b);
  const bytes = ({ data }: ConstantTensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return (
    a.tensor.dtype === b.tensor.dtype &&
    String(a.tensor.shape) === String(b.tensor.shape) &&
    bytes(a.tensor).equals(bytes(b.tensor))
  );
}
