/** The variables of a session: declared, set and read outside the functions that work on them. */
import type { NodeBackend } from '../node-backend.ts';
import { type ResourceVariable, resourceVariable } from '../resource-variable.ts';
import type { TensorFlowJs, Variable } from '../tensor.ts';
import { DATA_TYPES, type HostTensor, type TensorData } from './data-types.ts';
import type { GraphNode } from './graph-def.ts';
import type { GraphSession } from './session.ts';
import { type Access, accessName, accessNodes, type GraphVariable, valueName } from './variable.ts';

/** What a tensor is, but for its values. */
export type TensorType = Pick<HostTensor, 'dtype' | 'shape'>;

/** New values by variable; undefined for zeros. */
export type Values = ReadonlyMap<string, TensorData | undefined>;

interface Known extends GraphVariable {
  readonly variable: Variable;
}

export class SessionVariables {
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #session: GraphSession;
  readonly #variables = new Map<string, Known>();
  /** What the session has been given to read and set variables. */
  readonly #accesses = new Set<string>();
  readonly #nodes: GraphNode[] = [];
  /** Variables without a value yet, and what they begin with. */
  #fresh = new Map<string, TensorData | undefined>();
  /** The uploads under way, in their order. */
  #uploads: Promise<void> = Promise.resolve();

  constructor(tf: TensorFlowJs, session: GraphSession) {
    this.#tf = tf;
    this.#backend = tf.backend() as unknown as NodeBackend;
    this.#session = session;
  }

  /**
   * A new variable.
   *
   * @param data its first value, not to be changed before it is uploaded; default: zeros
   * @throws Error where there is one of that name, or the data have another size
   */
  declare(name: string, { dtype, shape }: TensorType, data?: TensorData): ResourceVariable {
    if (this.#variables.has(name)) throw new Error(`there is a variable ${name} already`);
    checkSize(name, shape, data);
    const variable = resourceVariable(this.#tf, this.#backend, DATA_TYPES[dtype].number, shape);
    const [handle = 0] = this.#backend.getInputTensorIds([variable.handle]);
    this.#variables.set(name, { name, handle, dtype, shape, variable });
    this.#fresh.set(name, data);
    return variable;
  }

  all(): readonly GraphVariable[] {
    return [...this.#variables.values()];
  }

  /** Every node that reads or sets a variable outside a function. */
  nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** The present values. */
  async read(names: readonly string[]): Promise<Map<string, HostTensor>> {
    await this.upload();
    const { tensors } = await this.#session.run({}, this.#accessing('read', names));
    return new Map(names.map((name, index) => [name, tensors[index] as HostTensor]));
  }

  /**
   * Sets variables behind all earlier uploads, together with those that have no value yet.
   *
   * @param values not to be changed before this resolves; default: none, only what is still to be uploaded
   * @throws Error at once where a variable is unknown or has another size, and nothing is set
   */
  upload(values: Values = new Map()): Promise<void> {
    for (const [name, data] of values) checkSize(name, this.#known(name).shape, data);
    const all: Values = new Map([...this.#fresh, ...values]);
    this.#fresh = new Map();
    if (all.size === 0) return this.#uploads;
    this.#uploads = this.#uploads.then(() => this.#set(all));
    this.#uploads.catch(() => {}); // whoever awaits it next is told
    return this.#uploads;
  }

  dispose(): void {
    for (const { variable } of this.#variables.values()) variable.dispose();
    this.#variables.clear();
  }

  async #set(values: Values): Promise<void> {
    const feeds: Record<string, HostTensor> = {};
    const zeros: string[] = [];
    for (const [name, data] of values) {
      const { dtype, shape } = this.#known(name);
      if (data) feeds[valueName({ name })] = { dtype, shape, data };
      else zeros.push(name);
    }
    const assigned = [...values.keys()].filter((name) => values.get(name));
    const targets = [...this.#accessing('assign', assigned), ...this.#accessing('clear', zeros)];
    await this.#session.run(feeds, [], { targets });
  }

  /** The nodes of an access to variables, which the session is given when they are first used. */
  #accessing(access: Access, names: readonly string[]): string[] {
    const variables = names.map((name) => this.#known(name));
    const unknown = variables.filter((variable) => !this.#accesses.has(accessName(access, variable)));
    const added = unknown.flatMap((variable) => accessNodes(access, variable));
    this.#session.extend(added);
    this.#nodes.push(...added);
    const nodes = variables.map((variable) => accessName(access, variable));
    for (const node of nodes) this.#accesses.add(node);
    return nodes;
  }

  #known(name: string): Known {
    const known = this.#variables.get(name);
    if (!known) throw new Error(`there is no variable ${name}`);
    return known;
  }
}

function checkSize(name: string, shape: readonly number[], data: TensorData | undefined): void {
  const size = shape.reduce((product, side) => product * side, 1);
  if (data && data.length !== size) throw new Error(`variable ${name} holds ${size} values, got ${data.length}`);
}
