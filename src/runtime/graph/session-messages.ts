/** The other messages a session speaks: what it is told (ConfigProto, RunOptions) and what it answers (RunMetadata). */
import { decode, encode, int64, message, messages, packedEnum, string, strings } from './protocol-buffers.ts';

/** RewriterConfig.NumIterationsType. */
const ONE_ITERATION = 1;

/**
 * @returns a serialized ConfigProto: graphs are optimised in one pass (a second one takes 0.1 s at the start and gains
 *   nothing), ops without a GPU kernel run on the CPU, and GPU memory is taken as it is needed.
 *   Threads can't be set here: both pools are the process's, and TensorFlow.js has made them by then. Their size comes
 *   from TF_NUM_INTRAOP_THREADS and TF_NUM_INTEROP_THREADS, else it is one a core.
 */
export function encodeConfig(): Uint8Array {
  return encode((config) => {
    config.writeMessage(6, true, (growth, gpu) => gpu.writeBool(4, growth));
    config.writeBool(7, true);
    config.writeMessage(10, ONE_ITERATION, (iterations, graph) =>
      graph.writeMessage(10, iterations, (value, rewriter) => rewriter.writeEnum(12, value)),
    );
  });
}

/** @returns serialized RunOptions that make TensorFlow write down when each op ran (FULL_TRACE) */
export function encodeTraceOptions(): Uint8Array {
  return encode((options) => options.writeEnum(1, 3));
}

/** One execution of an op. Times are in microseconds. */
export interface NodeTrace {
  readonly node: string;
  /** TensorFlow's own words, `node = Op(inputs)`. */
  readonly label: string;
  /** When its kernel began, since 1970. */
  readonly start: number;
  /** How long its kernel took. */
  readonly duration: number;
}

export interface DeviceTrace {
  /** E.g. `/job:localhost/replica:0/task:0/device:CPU:0`; a GPU has further ones for its streams. */
  readonly device: string;
  readonly nodes: readonly NodeTrace[];
}

const NODE_STATS = {
  name: string(1),
  startMicros: int64(2),
  label: string(8),
  kernelStartNanos: int64(14), // from startMicros on, like the next
  kernelEndNanos: int64(15),
};
const STEP_STATS = messages(1, { device: string(1), nodes: messages(2, NODE_STATS) });

/** @returns what each device did, from a serialized RunMetadata */
export function decodeTrace(runMetadata: Uint8Array): DeviceTrace[] {
  const { stepStats } = decode(runMetadata, { stepStats: message(1, { devices: STEP_STATS }) });
  return stepStats.devices.map(({ device, nodes }) => ({
    device,
    nodes: nodes.map(({ name, label, startMicros, kernelStartNanos, kernelEndNanos }) => ({
      node: name,
      label,
      start: startMicros + kernelStartNanos / 1000,
      duration: (kernelEndNanos - kernelStartNanos) / 1000,
    })),
  }));
}

/** One kernel that TensorFlow's library holds for an op. */
export interface Kernel {
  /** `CPU`, `GPU`, `DEFAULT` (any device) and rarer ones. */
  readonly device: string;
  /** For each attribute that the kernel restricts, the types it takes, as numbers of types.proto. */
  readonly types: Readonly<Record<string, readonly number[]>>;
  /** Inputs and outputs that lie in the host's memory. */
  readonly hostMemory: readonly string[];
}

const TYPE_LIST = message(2, { list: message(1, { types: packedEnum(6) }) });
const KERNELS = messages(1, {
  device: string(2),
  constraints: messages(3, { attribute: string(1), allowed: TYPE_LIST }),
  hostMemory: strings(4),
});

/** @returns the kernels of a serialized KernelList */
export function decodeKernels(kernelList: Uint8Array): Kernel[] {
  return decode(kernelList, { kernels: KERNELS }).kernels.map(({ device, constraints, hostMemory }) => ({
    device,
    types: Object.fromEntries(constraints.map(({ attribute, allowed }) => [attribute, allowed.list.types])),
    hostMemory,
  }));
}
