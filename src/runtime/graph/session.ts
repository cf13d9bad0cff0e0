/** A graph that runs inside TensorFlow: nodes and tensors in, tensors out. `openRuntime` has to have loaded TensorFlow. */
import { createRequire } from 'node:module';
import { runtimeLocations } from '../locations.ts';
import type { GraphSessionAddon, NativeGraphSession } from '../native/addons.ts';
import { DATA_TYPES, dataTypeOf, type HostTensor } from './data-types.ts';
import { encodeGraphDef, type GraphNode } from './graph-def.ts';
import {
  type DeviceTrace,
  decodeKernels,
  decodeTrace,
  encodeConfig,
  encodeTraceOptions,
  type Kernel,
} from './session-messages.ts';

export type { Kernel };

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

/** A graph and its variables, which live until it is closed. */
export class GraphSession {
  readonly #native: NativeGraphSession;

  /** @throws Error with TensorFlow's message where the nodes make no graph */
  constructor(nodes: readonly GraphNode[]) {
    this.#native = new (loadAddon().GraphSession)(encodeGraphDef(nodes), encodeConfig());
  }

  /**
   * Adds nodes for later runs. They can't name earlier ones as inputs, but share variables with them: a `VarHandleOp`
   * of the same `shared_name` is the same variable.
   *
   * @throws Error with TensorFlow's message; the graph is then as it was
   */
  extend(nodes: readonly GraphNode[]): void {
    this.#native.extend(encodeGraphDef(nodes));
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
    const natives = Object.entries(feeds).map(([name, { dtype, shape, data }]) => ({
      name,
      dtype: DATA_TYPES[dtype].number,
      shape,
      data,
    }));
    const options = trace ? encodeTraceOptions() : undefined;
    const { tensors, metadata } = await this.#native.run(natives, fetches, targets, options, trace);
    const results = tensors.map(({ dtype, shape, data }) => {
      const name = dataTypeOf(dtype);
      return { dtype: name, shape, data: DATA_TYPES[name].view(data) };
    });
    return metadata ? { tensors: results, trace: decodeTrace(metadata) } : { tensors: results };
  }

  /** Runs under way go on to their end; later ones are rejected. May be called again. */
  close(): void {
    this.#native.close();
  }
}

/** @returns the kernels that TensorFlow's library holds for an op, also for devices that are not at hand; `[]` for no op */
export function registeredKernels(op: string): Kernel[] {
  return decodeKernels(loadAddon().registeredKernels(op));
}

function loadAddon(): GraphSessionAddon {
  const addon: GraphSessionAddon = createRequire(import.meta.url)(runtimeLocations().graphSession);
  addon.setLogLevel(Number(process.env.TF_CPP_MIN_LOG_LEVEL ?? 0));
  return addon;
}
