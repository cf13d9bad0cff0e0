/**
 * Runs graphs inside TensorFlow: nodes and tensors in, tensors out. `openRuntime` must have loaded TensorFlow before.
 */
import { createRequire } from 'node:module';
import { runtimeLocations } from '../installed/locations.ts';
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
  encodeRunOptions,
  type Kernel,
} from './session-messages.ts';

export type { Kernel, NodeOutput };

/** Options of one run. */
interface RunOptions {
  /** Names of nodes to run without fetching a value; default: none. */
  readonly targets?: readonly string[];
  /** Whether to record when each op runs, which slows the run; default: no. */
  readonly trace?: boolean;
  /** Whether the run takes part in collectives, see `RunKind`; default: no. */
  readonly collective?: boolean;
}

/** A worker's place in a cluster, on whose server a session runs. */
export interface SessionPlace {
  readonly rank: number;
  /** From `startServer`. */
  readonly target: string;
}

/** Result of one run. */
export interface RunResult {
  /** Values of the fetched outputs, in the order of the fetches. */
  readonly tensors: readonly HostTensor[];
  /** Times of all ops; only with the option `trace`. */
  readonly trace?: readonly DeviceTrace[];
}

let runCount = 0;

/** Number of runs that all sessions of this process have started. */
export function sessionRuns(): number {
  return runCount;
}

/** A session over one graph; its variables live until it is closed. */
export class GraphSession {
  readonly #outputs = new Map<string, readonly NodeOutput[]>();
  #native: NativeGraphSession | undefined;

  /**
   * @param place where it runs; default: in this process, without a server
   * @throws Error with TensorFlow's message if the nodes are not a valid graph
   */
  constructor(nodes: readonly GraphNode[], place?: SessionPlace) {
    this.#native = new (loadAddon().GraphSession)(encodeConfig(place?.rank), place?.target ?? '');
    this.extend(nodes);
  }

  /**
   * Adds nodes for later runs. Their inputs may be nodes that were added before, and one another.
   *
   * @throws Error with TensorFlow's message if the nodes are not valid; the graph is not changed then
   */
  extend(nodes: readonly GraphNode[]): void {
    this.#open().extend(encodeGraphDef(nodes), outerInputs(nodes));
  }

  /**
   * Types and shapes of a node's outputs, as far as TensorFlow has inferred them.
   *
   * @throws Error if the graph has no such node
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
   * Runs the nodes that the fetches and targets depend on, off the event loop. Several runs may be in progress at once.
   *
   * @param feeds values by the name of an output (`node`, `node:1`), usually a placeholder; copied before this returns
   * @param fetches names of the outputs to return
   * @throws Error with TensorFlow's message, or naming the feed or fetch that is wrong
   */
  async run(
    feeds: Readonly<Record<string, HostTensor>>,
    fetches: readonly string[],
    { targets = [], trace = false, collective = false }: RunOptions = {},
  ): Promise<RunResult> {
    const natives = Object.entries(feeds).map(([name, value]) => nativeFeed(name, value, this.#outputOf(name)));
    const types = fetches.map((name) => this.#typeOf(name));
    const options = encodeRunOptions({ trace, collective });
    runCount += 1;
    const [metadata, ...results] = await this.#open().run(natives, fetches, targets, options);
    const tensors = results.map((result, index) => hostTensor(types[index]!, result));
    return trace ? { tensors, trace: decodeTrace(metadata) } : { tensors };
  }

  /** Closes the session: runs in progress finish, later ones are rejected. May be called more than once. */
  close(): void {
    this.#native?.close();
    this.#native = undefined; // frees the graph as well
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

/** The kernels that TensorFlow's library contains for an op, also for devices that this machine lacks; `[]` if none. */
export function registeredKernels(op: string): Kernel[] {
  return decodeKernels(loadAddon().registeredKernels(op));
}

/** A fetched tensor as a view on the addon's copy. */
function hostTensor(dtype: DataType, { shape, data }: NativeTensor): HostTensor {
  const { array } = DATA_TYPES[dtype];
  const values = new array(data.buffer, data.byteOffset, data.byteLength / array.BYTES_PER_ELEMENT);
  return { dtype, shape: Array.from(shape, Number), data: values };
}

/** Loads the addon and applies the user's log level to it: no session of this process writes more from then on. */
export function loadAddon(): GraphSessionAddon {
  const addon: GraphSessionAddon = createRequire(import.meta.url)(runtimeLocations().graphSession);
  addon.setLogLevel(Number(process.env.TF_CPP_MIN_LOG_LEVEL ?? 0));
  return addon;
}
