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
import { accessNodes, type GraphVariable } from './variable.ts';

/** A function of named tensors; what it returns are the outputs. It may read and write the program's variables. */
export type RecordedFunction<Name extends string> = (
  inputs: Readonly<Record<Name, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** What a tensor is, but for its values. */
export type TensorType = Pick<HostTensor, 'dtype' | 'shape'>;

/** Types and shapes of a function's inputs. */
export type InputTypes<Name extends string> = Readonly<Record<Name, TensorType>>;

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
  /** Variables that the session does not know yet, and the values that they begin with; undefined for zeros. */
  #fresh = new Map<string, TensorData | undefined>();
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
    await this.#initialise();
    const { tensors } = await this.#session.run(
      {},
      names.map((name) => `read/${name}:0`),
    );
    return new Map(names.map((name, index) => [name, tensors[index] as HostTensor]));
  }

  /** Replace the values of variables. */
  async assign(values: ReadonlyMap<string, TensorData>): Promise<void> {
    await this.#initialise();
    await this.#assign(values, []);
  }

  /** Set variables to zero. */
  async clear(names: readonly string[]): Promise<void> {
    await this.#initialise();
    await this.#assign(new Map(), names);
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
    await this.#initialise();
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [signature.feeds.get(input) ?? input, value]),
    );
    const fetches = wanted.map((output) => signature.fetches.get(output) ?? output);
    return this.#session.run(feeds, fetches, { targets: signature.targets, trace });
  }

  /** Makes the variables known to the session that were made since the last time. */
  async #initialise(): Promise<void> {
    if (this.#fresh.size === 0) return;
    const fresh = this.#fresh;
    this.#fresh = new Map();
    this.#session.extend([...fresh.keys()].flatMap((name) => accessNodes(this.#known(name))));
    const values = new Map<string, TensorData>();
    for (const [name, data] of fresh) if (data) values.set(name, data);
    await this.#assign(
      values,
      [...fresh.keys()].filter((name) => !values.has(name)),
    );
  }

  async #assign(values: ReadonlyMap<string, TensorData>, zeros: readonly string[]): Promise<void> {
    const feeds = [...values].map(([name, data]): [string, HostTensor] => {
      const { dtype, shape } = this.#known(name);
      return [`value/${name}:0`, { dtype, shape, data }];
    });
    const assigned = [...values.keys()].map((name) => `assign/${name}`);
    const targets = [...assigned, ...zeros.map((name) => `clear/${name}`)];
    await this.#session.run(Object.fromEntries(feeds), [], { targets });
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
