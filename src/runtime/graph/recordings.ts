/**
 * A function is recorded twice. The first time TensorFlow tells what each node would return; the second time every node
 * must be the one of the first: what differs was computed in JavaScript, and would be baked into the graph.
 */
import type { AttributeValue, ConstantTensor, GraphNode } from './graph-def.ts';
import { GraphSession, type NodeOutput } from './session.ts';
import type { NodeSink, SignatureNodes } from './signature.ts';

/** A graph that is never run: TensorFlow's shape functions tell what its nodes would return. */
export class ScratchGraph implements NodeSink {
  readonly #session = new GraphSession([]);
  #pending: GraphNode[] = [];

  add(node: GraphNode): void {
    this.#pending.push(node);
  }

  outputsOf(node: string): readonly NodeOutput[] {
    // many nodes at a time: each import costs as much as ten nodes
    if (this.#pending.length > 0) this.#session.extend(this.#pending);
    this.#pending = [];
    return this.#session.outputsOf(node);
  }

  close(): void {
    this.#session.close();
  }
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
