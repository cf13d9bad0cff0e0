/** Encodes and decodes a session's messages: ConfigProto, ServerDef and RunOptions, RunMetadata and KernelList. */
import { bytesOfType } from './data-types.ts';
import {
  decode,
  encode,
  int64,
  message,
  messages,
  packedEnum,
  string,
  strings,
  type Writer,
} from './protocol-buffers.ts';

/** The value ONE of RewriterConfig.NumIterationsType: graphs are optimised in one pass. */
const ONE_ITERATION = 1;

/** The value FULL_TRACE of RunOptions.TraceLevel. */
const FULL_TRACE = 3;

/** Name of the workers' job in TensorFlow: always the same, whatever the workers are called elsewhere. */
const JOB = 'worker';

/** The worker whose collectives TensorFlow has lead those of all. */
const LEADER = `/job:${JOB}/replica:0/task:0`;

/** Key of the group of graphs whose runs are counted together; see `RunKind`. */
const COLLECTIVE_GRAPH_KEY = 1;

/**
 * The configuration of a session. Graphs are optimised in one pass (a second pass takes 0.1 s and gains nothing), ops
 * without a GPU kernel run on the CPU, and GPU memory is allocated as it is needed.
 *
 * The numbers of threads cannot be set here: both thread pools belong to the process, and TensorFlow.js has made them
 * before. TF_NUM_INTRAOP_THREADS and TF_NUM_INTEROP_THREADS set them; the default is one thread per core.
 *
 * @param rank of this process among the workers of a cluster; default: it is alone
 * @returns a serialized ConfigProto
 */
export function encodeConfig(rank?: number): Uint8Array {
  return encode((config) => writeConfig(rank, config));
}

function writeConfig(rank: number | undefined, config: Writer): void {
  config.writeMessage(6, true, (growth, gpu) => gpu.writeBool(4, growth));
  config.writeBool(7, true);
  config.writeMessage(10, ONE_ITERATION, (iterations, graph) =>
    graph.writeMessage(10, iterations, (value, rewriter) => rewriter.writeEnum(12, value)),
  );
  if (rank === undefined) return;
  config.writeRepeatedString(4, [`/job:${JOB}/task:${rank}`]); // else the session waits for all workers' devices
  config.writeMessage(16, LEADER, (leader, experimental) => experimental.writeString(1, leader));
}

/**
 * The definition of a worker's server.
 *
 * @param addresses host:port of each worker's server, by rank; the port of the own one is that on which it listens
 * @returns a serialized ServerDef
 */
export function encodeServer(addresses: readonly string[], rank: number): Uint8Array {
  return encode((server) => {
    server.writeMessage(1, addresses, (tasks, cluster) =>
      cluster.writeMessage(1, tasks, (all, job) => {
        job.writeString(1, JOB);
        job.writeRepeatedMessage(2, [...all.entries()], ([task, address], entry) => {
          entry.writeInt32(1, task);
          entry.writeString(2, address);
        });
      }),
    );
    server.writeString(2, JOB);
    server.writeInt32(3, rank);
    server.writeMessage(4, rank, writeConfig);
    server.writeString(5, 'grpc');
  });
}

/** What a run is, beside the graph's nodes. */
export interface RunKind {
  /** Whether TensorFlow records when each op runs. */
  readonly trace: boolean;
  /**
   * Whether it takes part in collectives. TensorFlow numbers such runs, and the numbers must be the same on all workers: so
   * runs without collectives must not be counted, and each worker must take equally many with them.
   */
  readonly collective: boolean;
}

/** @returns serialized RunOptions, empty for a run of neither kind */
export function encodeRunOptions({ trace, collective }: RunKind): Uint8Array {
  return encode((options) => {
    if (trace) options.writeEnum(1, FULL_TRACE);
    if (collective) {
      options.writeMessage(8, COLLECTIVE_GRAPH_KEY, (key, experimental) => experimental.writeInt64(1, key));
    }
  });
}

/** One execution of an op. */
export interface NodeTrace {
  readonly node: string;
  /** TensorFlow's description, `node = Op(inputs)`. */
  readonly label: string;
  /** Start of the kernel in microseconds since 1970. */
  readonly start: number;
  /** Duration of the kernel in microseconds; of one that waits for another process, until it has what it waits for. */
  readonly duration: number;
  /** Bytes of the numbers that it gives; absent if it gives none. */
  readonly outputBytes?: number;
}

/** The ops that one device executed. */
export interface DeviceTrace {
  /**
   * TensorFlow's name, such as `/job:localhost/replica:0/task:0/device:CPU:0`; the streams of a GPU are devices too.
   */
  readonly device: string;
  readonly nodes: readonly NodeTrace[];
}

const SHAPE = message(2, { dimensions: messages(2, { size: int64(1) }) });

/** The fields of NodeExecStats, StepStats and KernelList that are read (step_stats.proto, kernel_def.proto). */
const NODE_STATS = {
  name: string(1),
  startMicros: int64(2), // since 1970
  outputs: messages(7, { tensor: message(3, { type: int64(1), shape: SHAPE }) }),
  label: string(8),
  kernelStartNanos: int64(14), // since startMicros
  kernelEndNanos: int64(15), // since startMicros
};
const STEP_STATS = messages(1, { device: string(1), nodes: messages(2, NODE_STATS) });

/**
 * Decodes the trace of a run.
 *
 * @param runMetadata a serialized RunMetadata
 */
export function decodeTrace(runMetadata: Uint8Array): DeviceTrace[] {
  const { stepStats } = decode(runMetadata, { stepStats: message(1, { devices: STEP_STATS }) });
  return stepStats.devices.map(({ device, nodes }) => ({
    device,
    nodes: nodes.map(({ name, label, outputs, startMicros, kernelStartNanos, kernelEndNanos }) => ({
      node: name,
      label,
      start: startMicros + kernelStartNanos / 1000,
      duration: (kernelEndNanos - kernelStartNanos) / 1000,
      ...(outputs.length === 0 ? {} : { outputBytes: outputs.reduce((sum, { tensor }) => sum + bytesOf(tensor), 0) }),
    })),
  }));
}

/** Bytes of a tensor's numbers; 0 if it has other things than numbers. */
function bytesOf({ type, shape }: { type: number; shape: { dimensions: readonly { size: number }[] } }): number {
  return shape.dimensions.reduce((product, { size }) => product * size, bytesOfType(type));
}

/** A kernel that TensorFlow's library contains for an op. */
export interface Kernel {
  /** Kind of device: `CPU`, `GPU`, `DEFAULT` (any device) or a rarer one. */
  readonly device: string;
  /** The types that the kernel accepts (numbers of types.proto), for each attribute that it restricts. */
  readonly types: Readonly<Record<string, readonly number[]>>;
  /** Names of the inputs and outputs that are in the host's memory. */
  readonly hostMemory: readonly string[];
}

const TYPE_LIST = message(2, { list: message(1, { types: packedEnum(6) }) });
const KERNELS = messages(1, {
  device: string(2),
  constraints: messages(3, { attribute: string(1), allowed: TYPE_LIST }),
  hostMemory: strings(4),
});

/**
 * Decodes a list of kernels.
 *
 * @param kernelList a serialized KernelList
 */
export function decodeKernels(kernelList: Uint8Array): Kernel[] {
  return decode(kernelList, { kernels: KERNELS }).kernels.map(({ device, constraints, hostMemory }) => ({
    device,
    types: Object.fromEntries(constraints.map(({ attribute, allowed }) => [attribute, allowed.list.types])),
    hostMemory,
  }));
}
