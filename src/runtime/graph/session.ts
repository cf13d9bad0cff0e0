/** A graph that runs inside TensorFlow: nodes and tensors in, tensors out. `openRuntime` has to have loaded TensorFlow. */
import { createRequire } from 'node:module';
import { runtimeLocations } from '../locations.ts';
import type { GraphSessionAddon, NativeGraphSession, NativeTensor } from '../native/addons.ts';
import { DATA_TYPES, type DataType, dataTypeOf, type HostTensor } from './data-types.ts';
import { type NodeOutput, nativeFeed } from './feeds.ts';
import { encodeGraphDef, type GraphNode } from './graph-def.ts';
import { outerInputs, parseOutput } from './names.ts';
import {
  type DeviceTrace,
  decodeKernels,
  decodeTrace,
  encodeConfig,
  encodeTraceOptions,
  type Kernel,
} from './session-messages.ts';

export type { Kernel, NodeOutput };

export interface RunOptions {
  /** Nodes to run without fetching a value. */
  readonly targets?: readonly string[];
  /** Whether to write down when each op ran, which slows the run; default: no. */
  readonly trace?: boolean;
}

export interface RunResult {
  /** The values of the fetches, in their order. */
  readonly tensors: readonly HostTensor[];
  /** With `trace` only. */
  readonly trace?: readonly DeviceTrace[];
}

let runs = 0;

/** How many runs all sessions of this process have begun. */
export function sessionRuns(): number {
  return runs;
}

/** A graph and its variables, which live until it is closed. */
export class GraphSession {
  readonly #outputs = new Map<string, readonly NodeOutput[]>();
  #native: NativeGraphSession | undefined;

  /** @throws Error with TensorFlow's message where the nodes make no graph */
  constructor(nodes: readonly GraphNode[]) {
    this.#native = new (loadAddon().GraphSession)(encodeConfig(), '');
    this.extend(nodes);
  }

  /**
   * Adds nodes for later runs. Their inputs may be earlier nodes as well as one another.
   *
   * @throws Error with TensorFlow's message; the graph is then as it was
   */
  extend(nodes: readonly GraphNode[]): void {
    this.#open().extend(encodeGraphDef(nodes), outerInputs(nodes));
  }

  /**
   * What TensorFlow inferred of each output of a node.
   *
   * @throws Error where the graph has no such node
   */
  outputsOf(node: string): readonly NodeOutput[] {
    let outputs = this.#outputs.get(node);
    if (!outputs) {
      const natives = this.#open().describe(node);
      outputs = natives.map(({ dtype, shape }) => ({ dtype, shape: shape ? Array.from(shape, Number) : null }));
      this.#outputs.set(node, outputs);
    }
    return outputs;
  }

  /**
   * Runs what the fetches and targets need, off the event loop. Several runs may be under way at once.
   *
   * @param feeds values for outputs (`node`, `node:1`), most often placeholders; copied before this returns
   * @param fetches outputs whose values are wanted
   * @returns rejected with TensorFlow's message, or one that names the feed or fetch
   */
  async run(
    feeds: Readonly<Record<string, HostTensor>>,
    fetches: readonly string[],
    { targets = [], trace = false }: RunOptions = {},
  ): Promise<RunResult> {
    const natives = Object.entries(feeds).map(([name, value]) => nativeFeed(name, value, this.#outputOf(name)));
    const types = fetches.map((name) => this.#typeOf(name));
    const options = trace ? encodeTraceOptions() : new Uint8Array();
    runs += 1;
    const [metadata, ...results] = await this.#open().run(natives, fetches, targets, options);
    const tensors = results.map((result, index) => hostTensor(types[index]!, result));
    return trace ? { tensors, trace: decodeTrace(metadata) } : { tensors };
  }

  /** Runs under way go on to their end; later ones are rejected. May be called again. */
  close(): void {
    this.#native?.close();
    this.#native = undefined; // frees the graph, too
  }

  #open(): NativeGraphSession {
    if (!this.#native) throw new Error('the session is closed');
    return this.#native;
  }

  #outputOf(name: string): NodeOutput {
    const { node, index } = parseOutput(name);
    const output = this.outputsOf(node)[index];
    if (!output) throw new Error(`the graph has no output "${name}"`);
    return output;
  }

  #typeOf(fetch: string): DataType {
    const { dtype } = this.#outputOf(fetch);
    const type = dataTypeOf(dtype);
    if (!type) throw new Error(`fetch "${fetch}": tensors of dtype ${dtype} can't be fetched`);
    return type;
  }
}

/** @returns the kernels that TensorFlow's library holds for an op, also for devices that are not at hand; `[]` for no op */
export function registeredKernels(op: string): Kernel[] {
  return decodeKernels(loadAddon().registeredKernels(op));
}

function hostTensor(dtype: DataType, { shape, data }: NativeTensor): HostTensor {
  const { array } = DATA_TYPES[dtype];
  const values = new array(data.buffer, data.byteOffset, data.byteLength / array.BYTES_PER_ELEMENT);
  return { dtype, shape: Array.from(shape, Number), data: values };
}

function loadAddon(): GraphSessionAddon {
  const addon: GraphSessionAddon = createRequire(import.meta.url)(runtimeLocations().graphSession);
  addon.setLogLevel(Number(process.env.TF_CPP_MIN_LOG_LEVEL ?? 0));
  return addon;
}
