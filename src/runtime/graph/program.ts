/**
 * Recorded functions over shared variables, run as graphs: in the spirit of `tf.function`, for TensorFlow.js.
 *
 * A function is written in TensorFlow.js ops and recorded once for each signature (shapes are part of a recording). Its
 * variables live in the program's session: only recorded functions, `read` and `assign` meet them.
 */
import type { NodeBackend } from '../node-backend.ts';
import type { Ops } from '../ops.ts';
import { type ResourceVariable, resourceVariable } from '../resource-variable.ts';
import type { Tensor, TensorFlowJs, Variable } from '../tensor.ts';
import { tensorflowOps } from '../tensorflow-ops.ts';
import { DATA_TYPES, type HostTensor, type TensorData } from './data-types.ts';
import type { GraphNode } from './graph-def.ts';
import { Repetition, ScratchGraph } from './recordings.ts';
import { GraphSession, type RunResult } from './session.ts';
import { type NodeSink, type SignatureNodes, SignatureWriter } from './signature.ts';
import { record } from './tape.ts';
import { type Access, accessName, accessNodes, type GraphVariable, valueName } from './variable.ts';

/** A function of named tensors; what it returns are the outputs. It may read and write the program's variables. */
export type RecordedFunction<Name extends string> = (
  inputs: Readonly<Record<Name, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** What a tensor is, but for its values. */
export type TensorType = Pick<HostTensor, 'dtype' | 'shape'>;

/** Types and shapes of a function's inputs. */
export type InputTypes<Name extends string> = Readonly<Record<Name, TensorType>>;

/** New values by variable; undefined for zeros. */
type Values = ReadonlyMap<string, TensorData | undefined>;

interface Known extends GraphVariable {
  readonly variable: Variable;
}

export class GraphProgram {
  /** The backend's ops, but their variables are this program's, and their nodes are named after the layers. */
  readonly ops: Ops;
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #variables = new Map<string, Known>();
  readonly #signatures = new Map<string, SignatureNodes>();
  readonly #session = new GraphSession([]);
  /** Nodes of `accessNodes` that the session has. */
  readonly #accesses = new Set<string>();
  /** Variables without a value yet, and what they begin with. */
  #fresh = new Map<string, TensorData | undefined>();
  /** The uploads under way, which the next run waits for. */
  #uploads: Promise<void> = Promise.resolve();
  #scope = '';

  /** Opens a session. Needs the TensorFlow backend. */
  constructor(tf: TensorFlowJs) {
    this.#tf = tf;
    this.#backend = tf.backend() as unknown as NodeBackend;
    this.ops = this.#namedOps(tensorflowOps(tf, this.#backend));
  }

  /**
   * A variable of this program, of any type that can be fed.
   *
   * @param data its first value; default: zeros
   */
  variable(name: string, { dtype, shape }: TensorType, data?: TensorData): ResourceVariable {
    if (this.#variables.has(name)) throw new Error(`there is a variable ${name} already`);
    const variable = resourceVariable(this.#tf, this.#backend, DATA_TYPES[dtype].number, shape);
    const [handle = 0] = this.#backend.getInputTensorIds([variable.handle]);
    this.#variables.set(name, { name, handle, dtype, shape, variable });
    this.#fresh.set(name, data);
    return variable;
  }

  /**
   * Record a function, twice: whatever differs between the two was computed in JavaScript and would be baked into the
   * graph. Nothing is computed meanwhile.
   *
   * @throws Error naming the op, attribute or constant that cannot be recorded
   */
  add<Name extends string>(name: string, inputs: InputTypes<Name>, work: RecordedFunction<Name>): void {
    const scratch = new ScratchGraph();
    try {
      const first = this.#record(name, inputs, work, scratch);
      const repetition = new Repetition(name, first, scratch);
      repetition.finish(this.#record(name, inputs, work, repetition));
      this.#session.extend(first.nodes);
      this.#signatures.set(name, first);
    } finally {
      scratch.close();
    }
  }

  /** Whether `add` has been called for this name. */
  has(name: string): boolean {
    return this.#signatures.has(name);
  }

  /** Every node of the functions recorded so far. */
  nodes(): readonly GraphNode[] {
    return [...this.#signatures.values()].flatMap(({ nodes }) => nodes);
  }

  /**
   * Run a recorded function.
   *
   * @param wanted which of its outputs; default: none, only its changes of variables
   * @returns those outputs by name
   */
  async run<Wanted extends string>(
    name: string,
    inputs: Readonly<Record<string, HostTensor>>,
    wanted: readonly Wanted[] = [],
  ): Promise<Record<Wanted, HostTensor>> {
    const { tensors } = await this.#run(name, inputs, wanted, false);
    return Object.fromEntries(wanted.map((output, index) => [output, tensors[index]])) as Record<Wanted, HostTensor>;
  }

  /** Run a recorded function for its trace; see `GraphSession.run`. */
  async trace(name: string, inputs: Readonly<Record<string, HostTensor>>): Promise<NonNullable<RunResult['trace']>> {
    return (await this.#run(name, inputs, [], true)).trace ?? [];
  }

  /** The present values of variables. */
  async read(names: readonly string[]): Promise<Map<string, HostTensor>> {
    await this.#upload();
    const { tensors } = await this.#session.run({}, this.#accessing('read', names));
    return new Map(names.map((name, index) => [name, tensors[index] as HostTensor]));
  }

  /** Replace the values of variables. Later runs and reads wait for it, so that none has to be awaited before them. */
  assign(values: ReadonlyMap<string, TensorData>): Promise<void> {
    return this.#upload(values);
  }

  /** Set variables to zero, as `assign` does. */
  clear(names: readonly string[]): Promise<void> {
    return this.#upload(new Map(names.map((name) => [name, undefined])));
  }

  close(): void {
    this.#session.close();
    for (const { variable } of this.#variables.values()) variable.dispose();
    this.#variables.clear();
  }

  async #run(
    name: string,
    inputs: Readonly<Record<string, HostTensor>>,
    wanted: readonly string[],
    trace: boolean,
  ): Promise<RunResult> {
    const signature = this.#signatures.get(name);
    if (!signature) throw new Error(`no signature ${name} has been recorded`);
    await this.#upload();
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [signature.feeds.get(input) ?? input, value]),
    );
    const fetches = wanted.map((output) => signature.fetches.get(output) ?? output);
    return this.#session.run(feeds, fetches, { targets: signature.targets, trace });
  }

  /** Sets variables behind all earlier uploads, with those that have no value yet. */
  #upload(values: Values = new Map()): Promise<void> {
    const all: Values = new Map([...this.#fresh, ...values]);
    this.#fresh = new Map();
    if (all.size === 0) return this.#uploads;
    this.#uploads = this.#uploads.then(() => this.#set(all));
    this.#uploads.catch(() => {}); // whoever awaits it next is told
    return this.#uploads;
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
    this.#session.extend(unknown.flatMap((variable) => accessNodes(access, variable)));
    const nodes = variables.map((variable) => accessName(access, variable));
    for (const node of nodes) this.#accesses.add(node);
    return nodes;
  }

  #known(name: string): Known {
    const known = this.#variables.get(name);
    if (!known) throw new Error(`there is no variable ${name}`);
    return known;
  }

  #record<Name extends string>(
    name: string,
    inputs: InputTypes<Name>,
    work: RecordedFunction<Name>,
    sink: NodeSink,
  ): SignatureNodes {
    const variables = [...this.#variables.values()];
    const writer = new SignatureWriter(name, this.#backend, variables, () => this.#scope, sink);
    this.#scope = '';
    return record(this.#backend, writer, () => {
      this.#tf.engine().startScope();
      try {
        const tensors = Object.entries<InputTypes<Name>[Name]>(inputs).map(([input, { dtype, shape }]) => {
          const placeholder = writer.input(input, DATA_TYPES[dtype].number, shape);
          return [input, this.#backend.createOutputTensor(placeholder)];
        });
        const outputs = Object.entries(work(Object.fromEntries(tensors))).map(([output, tensor]) => {
          return [output, this.#backend.getInputTensorIds([tensor])[0] ?? 0] as const;
        });
        return writer.finish(new Map(outputs));
      } finally {
        this.#tf.engine().endScope();
      }
    });
  }

  #namedOps(ops: Ops): Ops {
    return {
      ...ops,
      variable: (name, shape, values) => this.variable(name, { dtype: 'float32', shape }, values),
      layer: (path, x, work) => {
        const outer = this.#scope;
        this.#scope = path;
        const y = this.#named(`${path}/gradient`, work(x));
        this.#scope = outer;
        return y;
      },
      applyAdam: (updates, scalars) => {
        this.#scope = 'adam';
        ops.applyAdam(updates, scalars);
        this.#scope = '';
      },
    };
  }

  /** The same tensor; as a gradient goes back through it, the ops that follow are named. */
  #named(scope: string, tensor: Tensor): Tensor {
    const tf = this.#tf;
    return tf.customGrad((x) => ({
      value: tf.clone(x as Tensor),
      gradFunc: (dy: Tensor) => {
        this.#scope = scope;
        return tf.clone(dy);
      },
    }))(tensor);
  }
}
