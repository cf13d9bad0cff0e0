/**
 * Records functions over shared variables and runs them as graphs, similar to `tf.function`, for TensorFlow.js.
 *
 * A function is written in TensorFlow.js ops. Each combination of input shapes is recorded apart, as a signature. The
 * variables live in the program's session; only recorded functions, `read` and `assign` access them.
 */
import { releaseFreeMemory } from '../free-memory.ts';
import type { NodeBackend } from '../node-backend.ts';
import type { Ops } from '../ops.ts';
import type { ResourceVariable } from '../resource-variable.ts';
import type { Tensor, TensorFlowJs } from '../tensor.ts';
import { tensorflowOps } from '../tensorflow-ops.ts';
import { DATA_TYPES, type HostTensor, type TensorData } from './data-types.ts';
import type { GraphNode } from './graph-def.ts';
import { namedOps, type Scope } from './named-ops.ts';
import { RecordingComparison, ScratchGraph } from './recordings.ts';
import { GraphSession, type RunResult, type SessionPlace } from './session.ts';
import { SessionVariables, type TensorType, type Values } from './session-variables.ts';
import { type NodeSink, type SignatureNodes, SignatureWriter } from './signature.ts';
import { record } from './tape.ts';

/** A function from named input tensors to named output tensors. It may read and write the program's variables. */
type RecordedFunction<Name extends string> = (
  inputs: Readonly<Record<Name, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** Types and shapes of a function's inputs. */
type InputTypes<Name extends string> = Readonly<Record<Name, TensorType>>;

/** Recorded functions and their variables in one TensorFlow session. */
export class GraphProgram {
  /** The ops to write functions in: their variables belong to this program, their nodes are named after layers. */
  readonly ops: Ops;
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #session: GraphSession;
  readonly #variables: SessionVariables;
  readonly #signatures = new Map<string, SignatureNodes>();
  /** Names of the signatures that have run at least once. */
  readonly #ran = new Set<string>();
  readonly #scope: Scope = { name: '' };

  /**
   * Opens a session. Requires the TensorFlow backend.
   *
   * @param place where it runs; default: in this process, without a server
   */
  constructor(tf: TensorFlowJs, place?: SessionPlace) {
    this.#tf = tf;
    this.#session = new GraphSession([], place);
    this.#backend = tf.backend() as unknown as NodeBackend;
    this.#variables = new SessionVariables(tf, this.#session);
    this.ops = {
      ...namedOps(tf, tensorflowOps(tf, this.#backend), this.#scope),
      variable: (name, shape, values) => this.variable(name, { dtype: 'float32', shape }, values),
    };
  }

  /** Makes a variable of this program, of any type that can be fed; see `SessionVariables.declare`. */
  variable(name: string, type: TensorType, data?: TensorData): ResourceVariable {
    return this.#variables.declare(name, type, data);
  }

  /**
   * Records a function as a signature. It is recorded twice without computing anything; see `recordings.ts`.
   *
   * @param name name of the signature
   * @throws Error naming the op, attribute or constant that cannot be recorded
   */
  add<Name extends string>(name: string, inputs: InputTypes<Name>, work: RecordedFunction<Name>): void {
    const scratch = new ScratchGraph();
    try {
      const first = this.#record(name, inputs, work, scratch);
      const comparison = new RecordingComparison(name, first, scratch);
      comparison.finish(this.#record(name, inputs, work, comparison));
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

  /** All nodes of the functions recorded so far, and those that read and set variables. */
  nodes(): readonly GraphNode[] {
    return [...[...this.#signatures.values()].flatMap(({ nodes }) => nodes), ...this.#variables.nodes()];
  }

  /**
   * Runs a recorded function after all uploads that have been started. Runs must not overlap.
   *
   * @param name name of the signature
   * @param inputs values of its inputs, not to be changed before this resolves
   * @param wanted names of the outputs to fetch; default: none, so that the run only changes variables
   * @returns the fetched outputs by name
   */
  async run<Wanted extends string>(
    name: string,
    inputs: Readonly<Record<string, HostTensor>>,
    wanted: readonly Wanted[] = [],
  ): Promise<Record<Wanted, HostTensor>> {
    const { tensors } = await this.#run(name, inputs, wanted, false);
    return Object.fromEntries(wanted.map((output, index) => [output, tensors[index]])) as Record<Wanted, HostTensor>;
  }

  /** Runs a recorded function and returns its trace; see `GraphSession.run`. */
  async trace(name: string, inputs: Readonly<Record<string, HostTensor>>): Promise<NonNullable<RunResult['trace']>> {
    return (await this.#run(name, inputs, [], true)).trace ?? [];
  }

  /** Downloads the current values of variables. */
  read(names: readonly string[]): Promise<Map<string, HostTensor>> {
    return this.#variables.read(names);
  }

  /**
   * Replaces the values of variables; undefined means zeros. Later runs and reads wait until this is done, so the
   * caller need not await it; see `SessionVariables.upload`.
   */
  assign(values: Values): Promise<void> {
    return this.#variables.upload(values);
  }

  close(): void {
    this.#session.close();
    this.#variables.dispose();
  }

  async #run(
    name: string,
    inputs: Readonly<Record<string, HostTensor>>,
    wanted: readonly string[],
    trace: boolean,
  ): Promise<RunResult> {
    const signature = this.#signatures.get(name);
    if (!signature) throw new Error(`no signature ${name} has been recorded`);
    await this.#variables.upload();
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [signature.feeds.get(input) ?? input, value]),
    );
    const fetches = wanted.map((output) => signature.fetches.get(output) ?? output);
    const { targets, collective } = signature;
    const result = await this.#session.run(feeds, fetches, { targets, trace, collective });
    if (!this.#ran.has(name)) releaseFreeMemory(); // lowers training's peak memory by 25 to 50 MiB
    this.#ran.add(name);
    return result;
  }

  #record<Name extends string>(
    name: string,
    inputs: InputTypes<Name>,
    work: RecordedFunction<Name>,
    sink: NodeSink,
  ): SignatureNodes {
    const writer = new SignatureWriter(name, this.#backend, this.#variables.all(), () => this.#scope.name, sink);
    this.#scope.name = '';
    return record(this.#backend, writer, () => {
      this.#tf.engine().startScope();
      try {
        const tensors = Object.entries<InputTypes<Name>[Name]>(inputs).map(([input, { dtype, shape }]) => {
          const placeholder = writer.input(input, DATA_TYPES[dtype].number, shape);
          return [input, this.#backend.createOutputTensor(placeholder)];
        });
        const returned = work(Object.fromEntries(tensors));
        if (returned instanceof Promise) throw new Error(`${name}: a recorded function cannot be asynchronous`);
        const outputs = Object.entries(returned).map(([output, tensor]) => {
          return [output, this.#backend.getInputTensorIds([tensor])[0] ?? 0] as const;
        });
        return writer.finish(new Map(outputs));
      } finally {
        this.#tf.engine().endScope();
      }
    });
  }
}
