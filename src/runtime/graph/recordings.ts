/**
 * A function is recorded twice. The first time TensorFlow tells what each node would return; the second time every node
 * must be the one of the first: what differs was computed in JavaScript, and would be baked into the graph.
 */
import type { AttributeValue, ConstantTensor, GraphNode } from './graph-def.ts';
import { parseOutput } from './names.ts';
import { GraphSession, type NodeOutput } from './session.ts';
import type { NodeSink, SignatureNodes } from './signature.ts';

/** Nodes whose values shapes may depend on, and which stand for themselves: a stand-in would tell less. */
const SOURCES = new Set(['Const', 'Placeholder', 'VarHandleOp']);

/** An import looks at every node that the graph has, so that graphs are kept small: 5,000 nodes took 27 s in one. */
const LARGEST_GRAPH = 200;

/**
 * Graphs that are never run: TensorFlow's shape functions tell what their nodes would return. A graph that has grown large
 * is left for a new one, in which placeholders stand for what the nodes of earlier ones return.
 */
export class ScratchGraph implements NodeSink {
  readonly #sources = new Map<string, GraphNode>();
  readonly #outputs = new Map<string, readonly NodeOutput[]>();
  #session = new GraphSession([]);
  /** Names of the nodes that the session has. */
  #present = new Set<string>();
  #pending: GraphNode[] = [];

  add(node: GraphNode): void {
    if (SOURCES.has(node.op)) this.#sources.set(node.name, node);
    else this.#pending.push(node);
  }

  outputsOf(name: string): readonly NodeOutput[] {
    const known = this.#outputs.get(name);
    if (known) return known;
    if (this.#present.size > LARGEST_GRAPH) {
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

  /** The nodes without what only orders them, and whatever the session lacks of their inputs before them. */
  #importable(nodes: readonly GraphNode[]): GraphNode[] {
    const all: GraphNode[] = [];
    for (const node of nodes) {
      const inputs = node.inputs.filter((input) => !input.startsWith('^')).map((input) => this.#input(input, all));
      all.push({ ...node, inputs });
      this.#present.add(node.name);
    }
    return all;
  }

  /** The name by which a node of the session is given an input; a stand-in goes to `all`. */
  #input(input: string, all: GraphNode[]): string {
    const { node, index } = parseOutput(input);
    if (this.#present.has(node)) return input;
    const source = this.#sources.get(node);
    const name = source ? node : `${node}/output_${index}`;
    if (!this.#present.has(name)) all.push(source ?? standIn(name, this.#outputs.get(node)?.[index]));
    this.#present.add(name);
    return name;
  }
}

function standIn(name: string, output: NodeOutput | undefined): GraphNode {
  const { dtype = 0, shape = null } = output ?? {};
  const attributes = { dtype: { type: dtype }, ...(shape ? { shape: { shape } } : {}) };
  return { name, op: 'Placeholder', inputs: [], attributes };
}

/** Holds a second recording against the first. */
export class Repetition implements NodeSink {
  readonly #first: SignatureNodes;
  readonly #scratch: ScratchGraph;
  readonly #name: string;
  #next = 0;

  /** @param name of the function, for messages */
  constructor(name: string, first: SignatureNodes, scratch: ScratchGraph) {
    this.#name = name;
    this.#first = first;
    this.#scratch = scratch;
  }

  /** @throws Error naming the op, and its attribute, input or constant, in which the two recordings differ */
  add(node: GraphNode): void {
    const first = this.#first.nodes[this.#next++];
    const place = `${this.#name}: ${first?.name}`;
    if (!first) throw new Error(`${this.#name}: ${node.name} was not there the first time`);
    if (first.op !== node.op) throw new Error(`${place} was ${node.name} the second time`);
    if (String(first.inputs) !== String(node.inputs)) {
      throw new Error(`${place} took ${first.inputs.join(', ')}, and ${node.inputs.join(', ')} the second time`);
    }
    for (const attribute of new Set([...Object.keys(first.attributes), ...Object.keys(node.attributes)])) {
      const value = first.attributes[attribute];
      if (isSame(value, node.attributes[attribute])) continue;
      if (value && 'tensor' in value) throw new Error(`${this.#name}: ${this.#bakedIn(first, value.tensor)}`);
      throw new Error(`${place} had another attribute ${attribute} the second time`);
    }
  }

  outputsOf(node: string): readonly NodeOutput[] {
    return this.#scratch.outputsOf(node);
  }

  /** @throws Error where the second recording ended early, or returns something else */
  finish(second: SignatureNodes): void {
    const missing = this.#first.nodes[this.#next];
    if (missing) throw new Error(`${this.#name}: ${missing.name} was nothing the second time`);
    const [returned, otherReturned] = [this.#first, second].map(({ fetches }) =>
      [...fetches].map(([output, endpoint]) => `${output} from ${endpoint}`).join(', '),
    );
    if (returned !== otherReturned) {
      throw new Error(`${this.#name}: it returned ${returned}, and ${otherReturned} the second time`);
    }
  }

  #bakedIn({ name }: GraphNode, { shape }: ConstantTensor): string {
    const user = this.#first.nodes.find(({ inputs }) => inputs.includes(name));
    const use = user ? `${user.name} takes as input ${user.inputs.indexOf(name)}` : 'it makes';
    return (
      `${use} a tensor of shape [${shape}] made from JavaScript values that differ from one recording to the next: ` +
      'pass it as an input'
    );
  }
}

function isSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (!a || !b || !('tensor' in a) || !('tensor' in b)) return JSON.stringify(a) === JSON.stringify(b);
  const bytes = ({ data }: ConstantTensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return (
    a.tensor.dtype === b.tensor.dtype &&
    String(a.tensor.shape) === String(b.tensor.shape) &&
    bytes(a.tensor).equals(bytes(b.tensor))
  );
}
