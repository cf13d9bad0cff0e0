/** The variables of a session: declares them, and sets and reads them outside recorded functions. */
import type { NodeBackend } from '../node-backend.ts';
import { type ResourceVariable, resourceVariable } from '../resource-variable.ts';
import type { TensorFlowJs, Variable } from '../tensor.ts';
import { DATA_TYPES, type HostTensor, type TensorData } from './data-types.ts';
import type { GraphNode } from './graph-def.ts';
import type { GraphSession } from './session.ts';
import { type Access, accessName, accessNodes, type GraphVariable, valueName } from './variable.ts';

/** Element type and shape of a tensor. */
export type TensorType = Pick<HostTensor, 'dtype' | 'shape'>;

/** New values by the variable's name; undefined means zeros. */
export type Values = ReadonlyMap<string, TensorData | undefined>;

/** A variable of the graph and the TensorFlow.js object that represents it in recorded functions. */
interface DeclaredVariable extends GraphVariable {
  readonly variable: Variable;
}

/** All variables of one session. */
export class SessionVariables {
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #session: GraphSession;
  readonly #variables = new Map<string, DeclaredVariable>();
  /** Names of the nodes that the session has for reading and setting variables. */
  readonly #accesses = new Set<string>();
  readonly #nodes: GraphNode[] = [];
  /** Initial values of variables that have not been uploaded yet; undefined means zeros. */
  #initialValues = new Map<string, TensorData | undefined>();
  /** Resolves when all uploads that have been started are done. */
  #uploads: Promise<void> = Promise.resolve();

  constructor(tf: TensorFlowJs, session: GraphSession) {
    this.#tf = tf;
    this.#backend = tf.backend() as unknown as NodeBackend;
    this.#session = session;
  }

  /**
   * Declares a variable.
   *
   * @param data initial values, not to be changed before they are uploaded; default: zeros
   * @throws Error if the name is taken or the data have another size
   */
  declare(name: string, { dtype, shape }: TensorType, data?: TensorData): ResourceVariable {
    if (this.#variables.has(name)) throw new Error(`there is a variable ${name} already`);
    checkSize(name, shape, data);
    const variable = resourceVariable(this.#tf, this.#backend, DATA_TYPES[dtype].number, shape);
    const [handle = 0] = this.#backend.getInputTensorIds([variable.handle]);
    this.#variables.set(name, { name, handle, dtype, shape, variable });
    this.#initialValues.set(name, data);
    return variable;
  }

  all(): readonly GraphVariable[] {
    return [...this.#variables.values()];
  }

  /** All nodes that read or set variables outside recorded functions. */
  nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** Downloads the current values of variables, after all uploads that have been started. */
  async read(names: readonly string[]): Promise<Map<string, HostTensor>> {
    await this.upload();
    const { tensors } = await this.#session.run({}, this.#accessNodes('read', names));
    return new Map(names.map((name, index) => [name, tensors[index] as HostTensor]));
  }

  /**
   * Sets variables after all earlier uploads, together with the initial values that have not been uploaded yet.
   *
   * @param values new values, not to be changed before this resolves; default: only the initial values
   * @throws Error synchronously if a variable is unknown or has another size; nothing is set then
   */
  upload(values: Values = new Map()): Promise<void> {
    for (const [name, data] of values) checkSize(name, this.#known(name).shape, data);
    const all: Values = new Map([...this.#initialValues, ...values]);
    this.#initialValues = new Map();
    if (all.size === 0) return this.#uploads;
    this.#uploads = this.#uploads.then(() => this.#set(all));
    this.#uploads.catch(() => {}); // no unhandled rejection: the next caller that awaits the promise gets the error
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
    const targets = [...this.#accessNodes('assign', assigned), ...this.#accessNodes('clear', zeros)];
    await this.#session.run(feeds, [], { targets });
  }

  /** Names of the nodes that access variables; they are added to the session when they are first used. */
  #accessNodes(access: Access, names: readonly string[]): string[] {
    const variables = names.map((name) => this.#known(name));
    const withoutNodes = variables.filter((variable) => !this.#accesses.has(accessName(access, variable)));
    const added = withoutNodes.flatMap((variable) => accessNodes(access, variable));
    this.#session.extend(added);
    this.#nodes.push(...added);
    const nodes = variables.map((variable) => accessName(access, variable));
    for (const node of nodes) this.#accesses.add(node);
    return nodes;
  }

  #known(name: string): DeclaredVariable {
    const known = this.#variables.get(name);
    if (!known) throw new Error(`there is no variable ${name}`);
    return known;
  }
}

/** @throws Error if `data` has not as many values as the shape */
function checkSize(name: string, shape: readonly number[], data: TensorData | undefined): void {
  const size = shape.reduce((product, side) => product * side, 1);
  if (data && data.length !== size) throw new Error(`variable ${name} holds ${size} values, got ${data.length}`);
}
