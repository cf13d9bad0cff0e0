/** The interfaces of our native addons, compiled by set-up to `runtimeLocations()`. */

/** `stderr_capture`. It is not linked with TensorFlow, whose libraries may write as soon as they are loaded. */
export interface StderrCaptureAddon {
  /**
   * Sends file descriptor 2 of this process to an unlinked temporary file, so that what C++ code prints there can be
   * kept off the terminal.
   *
   * @throws Error while a capture is running already, or where the descriptor or the file can't be had
   */
  captureStderr(): void;

  /**
   * Ends the capture.
   *
   * @returns everything that was written meanwhile; bytes that are not UTF-8 become U+FFFD
   * @throws Error without a running capture
   */
  releaseStderr(): string;
}

/** `graph_session`: what TensorFlow.js's binding lacks of TensorFlow's C interface. */
export interface GraphSessionAddon {
  readonly GraphSession: new (graphDef: Uint8Array, config?: Uint8Array, target?: string) => NativeGraphSession;

  /**
   * The kernels that the library holds for an op, whether or not a device for them is at hand.
   *
   * @returns a serialized KernelList, empty for an unknown op
   */
  registeredKernels(op: string): ArrayBuffer;

  /**
   * Sets which of Abseil's messages reach standard error, in TF_CPP_MIN_LOG_LEVEL's numbers (0 all … 3 fatal ones).
   * TensorFlow 2.21 heeds that variable for its own messages only; sessions write others, e.g. `Created device` for
   * each on a GPU and four lines for each traced run.
   */
  setLogLevel(level: number): void;
}

/** Numbers of TensorFlow's `DataType` (types.proto), of the types that can be fed and fetched. */
export type NativeType = 1 | 3 | 4 | 9 | 10;

/** What holds the values of a tensor. `bool` is a byte that is 0 or 1. */
export type TensorData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

export interface NativeFeed {
  /** An output of a node, `node` or `node:1`; most often a placeholder's. */
  readonly name: string;
  readonly dtype: NativeType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface NativeTensor {
  readonly dtype: NativeType;
  readonly shape: number[];
  readonly data: ArrayBuffer;
}

/**
 * A graph and a TensorFlow session over it, whose variables live as long as the session. The constructor takes a
 * serialized GraphDef, a serialized ConfigProto (default: TensorFlow's) and the address of a TensorFlow server (default:
 * this process), and throws TensorFlow's message where it refuses one of them.
 */
export interface NativeGraphSession {
  /**
   * Adds nodes, which later runs see. New nodes can't name old ones as inputs; they reach the same variables through a
   * `VarHandleOp` of the same `shared_name`.
   *
   * @throws Error with TensorFlow's message; the graph is then as it was
   */
  extend(graphDef: Uint8Array): void;

  /**
   * Runs the graph on a thread of libuv's pool. Several runs may be under way; they end in any order.
   *
   * @param feeds values for this run; copied before this returns
   * @param fetches outputs whose values are wanted, `node` or `node:1`
   * @param targets nodes to run without fetching
   * @param runOptions a serialized RunOptions
   * @param wantMetadata whether a serialized RunMetadata is wanted
   * @returns the fetched tensors, in the order of `fetches`; rejected with TensorFlow's message, or with one that names the
   *   feed or fetch
   */
  run(
    feeds: readonly NativeFeed[],
    fetches: readonly string[],
    targets: readonly string[],
    runOptions?: Uint8Array,
    wantMetadata?: boolean,
  ): Promise<{ tensors: NativeTensor[]; metadata?: ArrayBuffer }>;

  /** Runs under way go on to their end; later ones are rejected. The memory is freed after the last. */
  close(): void;
}
