/**
 * Recorded functions over shared variables, run as graphs: in the spirit of `tf.function`, for TensorFlow.js.
 *
 * A function is written in TensorFlow.js ops and recorded once for each signature (shapes are part of a recording). Its
 * variables live in the graph's session from then on; what reads or writes the eager ones no longer meets them.
 */
import { type Tensor, type TensorFlowJs, type Variable, valueOfVariable } from '../tensor.ts';
import type { NodeBackend, ResourceVariable } from '../tensorflow-ops.ts';
import { DATA_TYPES, type HostTensor } from './data-types.ts';
import type { GraphNode } from './graph-def.ts';
import { compareRecordings } from './recordings.ts';
import { GraphSession } from './session.ts';
import { type GraphVariable, handleNode, type SignatureNodes, writeSignature } from './signature.ts';
import { record, type Tape, type TensorMetadata } from './tape.ts';

/** A function of named tensors; what it returns are the outputs. It may read and write the program's variables. */
export type RecordedFunction<Name extends string> = (
  inputs: Readonly<Record<Name, Tensor>>,
) => Readonly<Record<string, Tensor>>;

/** Values to record with: any of the right types and shapes, but different ones at each call. */
export type ExampleInputs<Name extends string> = () => Readonly<Record<Name, HostTensor>>;

export class GraphProgram {
  readonly #tf: TensorFlowJs;
  readonly #backend: NodeBackend;
  readonly #variables: readonly GraphVariable[];
  readonly #session: GraphSession;
  readonly #signatures = new Map<string, SignatureNodes>();

  private constructor(
    tf: TensorFlowJs,
    backend: NodeBackend,
    variables: readonly GraphVariable[],
    session: GraphSession,
  ) {
    this.#tf = tf;
    this.#backend = backend;
    this.#variables = variables;
    this.#session = session;
  }

  /**
   * Open a session whose variables begin with the values that the eager ones have now.
   *
   * @param variables float32 variables of the TensorFlow backend, by the names that they shall have
   */
  static async open(tf: TensorFlowJs, variables: ReadonlyMap<string, Variable>): Promise<GraphProgram> {
    const backend = tf.backend() as unknown as NodeBackend;
    const described = [...variables].map(([name, variable]): GraphVariable => {
      const { handle, shape } = variable as ResourceVariable;
      const [id = 0] = backend.getInputTensorIds([handle]);
      return { name, handle: id, dtype: DATA_TYPES.float32.number, shape };
    });
    const session = new GraphSession(described.flatMap(accessNodes));
    const program = new GraphProgram(tf, backend, described, session);
    await program.assign(new Map([...variables].map(([name, variable]) => [name, valueOfVariable(variable)])));
    return program;
  }

  /**
   * Record a function, twice, with different values: whatever differs between the two was computed in JavaScript and
   * would be baked into the graph.
   *
   * @throws Error naming the op, attribute or constant that cannot be recorded
   */
  add<Name extends string>(name: string, examples: ExampleInputs<Name>, work: RecordedFunction<Name>): void {
    const [first, second] = [this.#record(examples, work), this.#record(examples, work)];
    compareRecordings(name, first, second, this.#variables);
    const signature = writeSignature(name, first.tape, first, this.#variables, this.#backend);
    this.#session.extend(signature.nodes);
    this.#signatures.set(name, signature);
  }

  /** Whether `add` has been called for this name. */
  has(name: string): boolean {
    return this.#signatures.has(name);
  }

  /** Every node of the functions recorded so far. */
  nodes(): readonly GraphNode[] {
    return [...this.#signatures.values()].flatMap(({ nodes }) => nodes);
  }

  /** Run a recorded function; its outputs by name. */
  async run(name: string, inputs: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>> {
    const signature = this.#signatures.get(name);
    if (!signature) throw new Error(`no signature ${name} has been recorded`);
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [signature.feeds.get(input) ?? input, value]),
    );
    const names = [...signature.fetches.keys()];
    const { tensors } = await this.#session.run(feeds, [...signature.fetches.values()], { targets: signature.targets });
    return Object.fromEntries(names.map((output, index) => [output, tensors[index] as HostTensor]));
  }

  /** The present values of all variables. */
  async read(): Promise<Map<string, Float32Array>> {
    const { tensors } = await this.#session.run(
      {},
      this.#variables.map(({ name }) => `read/${name}:0`),
    );
    return new Map(this.#variables.map(({ name }, index) => [name, tensors[index]?.data as Float32Array]));
  }

  /** Replace the values of variables. */
  async assign(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    const assigned = this.#variables.filter(({ name }) => values.has(name));
    const feeds = Object.fromEntries(
      assigned.map(({ name, shape }) => {
        const data = values.get(name) as Float32Array;
        return [`value/${name}:0`, { dtype: 'float32' as const, shape, data }];
      }),
    );
    await this.#session.run(feeds, [], { targets: assigned.map(({ name }) => `assign/${name}`) });
  }

  close(): void {
    this.#session.close();
  }

  #record<Name extends string>(examples: ExampleInputs<Name>, work: RecordedFunction<Name>): Recording {
    const describe = (tensors: Readonly<Record<string, Tensor>>) =>
      new Map(Object.entries(tensors).map(([name, tensor]) => [name, metadataOf(this.#backend, tensor)]));
    let recording: Recording | undefined;
    this.#tf.tidy(() => {
      const tensors = this.#upload(examples());
      const inputs = describe(tensors);
      const { tape, result } = record(this.#backend, () => work(tensors));
      recording = { tape, inputs, outputs: describe(result) };
    });
    if (!recording) throw new Error('nothing was recorded');
    return recording;
  }

  #upload<Name extends string>(values: Readonly<Record<Name, HostTensor>>): Record<Name, Tensor> {
    const tensors = Object.entries<HostTensor>(values).map(([name, { dtype, shape, data }]) => {
      if (dtype !== 'float32' && dtype !== 'int32') throw new Error(`input ${name}: ${dtype} cannot be recorded`);
      return [name, this.#tf.tensor(data as Float32Array | Int32Array, [...shape], dtype)];
    });
    return Object.fromEntries(tensors);
  }
}

/** What a function did, and between which tensors. */
export interface Recording {
  readonly tape: Tape;
  readonly inputs: ReadonlyMap<string, TensorMetadata>;
  readonly outputs: ReadonlyMap<string, TensorMetadata>;
}

/** Nodes that read a variable whole, and assign it whole. */
function accessNodes(variable: GraphVariable): GraphNode[] {
  const { name, dtype, shape } = variable;
  const type = { dtype: { type: dtype } };
  return [
    handleNode(`handle/${name}`, variable),
    { name: `read/${name}`, op: 'ReadVariableOp', inputs: [`handle/${name}`], attributes: type },
    { name: `value/${name}`, op: 'Placeholder', inputs: [], attributes: { ...type, shape: { shape } } },
    { name: `assign/${name}`, op: 'AssignVariableOp', inputs: [`handle/${name}`, `value/${name}`], attributes: type },
  ];
}

function metadataOf(backend: NodeBackend, tensor: Tensor): TensorMetadata {
  const [id = 0] = backend.getInputTensorIds([tensor]);
  const { dtype, shape } = tensor;
  if (dtype !== 'float32' && dtype !== 'int32') throw new Error(`a tensor of type ${dtype} cannot be recorded`);
  return { id, dtype: DATA_TYPES[dtype].number, shape };
}
