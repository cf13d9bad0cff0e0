/** The interfaces of this project's native addons. Set-up compiles the addons to the paths of `runtimeLocations()`. */

/** The addon `library_load`. It is not linked with TensorFlow, whose libraries may print as soon as they are loaded. */
export interface LibraryLoadAddon {
  /**
   * Redirects file descriptor 2 of this process to an unlinked temporary file, so that messages of C++ code do not
   * reach the terminal.
   *
   * @throws Error if a capture is running already, or if the temporary file or the redirection fails
   */
  captureStderr(): void;

  /**
   * Ends the capture and restores standard error.
   *
   * @returns the captured text; bytes that are not UTF-8 become U+FFFD
   * @throws Error if no capture is running
   */
  releaseStderr(): string;

  /**
   * Makes all threads that start later share one arena of glibc's malloc, so that a thread can reuse memory that
   * another has freed. Does nothing with another C library.
   */
  shareMallocArena(): void;

  /** Returns memory that glibc's malloc holds and nothing uses to the system. Does nothing with another C library. */
  releaseFreeMemory(): void;

  /**
   * Releases the read-only pages of loaded libraries whose path contains `name`. The system reads them from the file
   * again when they are needed. Does nothing on other systems than Linux.
   */
  releaseLibraryPages(name: string): void;
}

/** The addon `graph_session`: the part of TensorFlow's C interface that TensorFlow.js's binding lacks. */
export interface GraphSessionAddon {
  readonly GraphSession: new (config: Uint8Array, target: string) => NativeGraphSession;

  /**
   * The kernels that the library contains for an op, also for devices that this machine lacks.
   *
   * @returns a serialized KernelList, empty for an unknown op
   */
  registeredKernels(op: string): Uint8Array;

  /**
   * Starts a TensorFlow server in this process, which ends with it: it can be neither stopped nor started again.
   *
   * @param definition a serialized ServerDef; its names must be letters, digits and underscores, or the process may abort
   * @returns the target for sessions, `grpc://…`
   * @throws Error with TensorFlow's message, for example if the port is taken
   */
  startServer(definition: Uint8Array): string;

  /** Ends the process at once, even while a run hangs on another thread, for which `process.exit` would wait. */
  exitNow(code: number): void;

  /**
   * Sets which of Abseil's messages reach standard error. TensorFlow 2.21 applies TF_CPP_MIN_LOG_LEVEL only to its own
   * messages; sessions also write Abseil's, such as `Created device` for each GPU and four lines for each traced run.
   *
   * @param level as in TF_CPP_MIN_LOG_LEVEL: 0 for all messages, 3 for fatal errors only
   */
  setLogLevel(level: number): void;
}

/** Type and shape of a node's output, as far as TensorFlow infers them before the graph runs. */
interface NativeOutput {
  /** TensorFlow's number of the type (types.proto). */
  readonly dtype: number;
  /** Sizes of the dimensions, -1 for an unknown size; absent if even the number of dimensions is unknown. */
  readonly shape?: BigInt64Array;
}

/** A value to feed in one run. */
export interface NativeFeed {
  /** Name of the output that the value replaces. */
  readonly name: string;
  /** TensorFlow's number of the type (types.proto). */
  readonly dtype: number;
  readonly shape: readonly number[];
  /** The values in row-major order. */
  readonly data: ArrayBufferView;
}

/** A fetched value. */
export interface NativeTensor {
  readonly shape: BigInt64Array;
  /** A copy of the values in row-major order. */
  readonly data: Uint8Array;
}

/**
 * A graph, empty at first, and a TensorFlow session over it. The session's variables live until it is closed. The
 * constructor takes a serialized ConfigProto and the address of a TensorFlow server ('' for this process). An output of
 * a node is named `node` or `node:1`.
 *
 * Every method throws an error with TensorFlow's message, or one about arguments of wrong types; no argument can
 * corrupt memory.
 */
export interface NativeGraphSession {
  /**
   * Adds nodes for later runs. After an error the graph is unchanged.
   *
   * @param graphDef a serialized GraphDef
   * @param existing inputs of the new nodes that are in the graph already: names of outputs, and `^node` for control
   *   inputs
   */
  extend(graphDef: Uint8Array, existing: readonly string[]): void;

  /** Types and shapes of a node's outputs. */
  describe(node: string): NativeOutput[];

  /**
   * Runs the graph on a thread of libuv's pool. Several runs may be in progress at once; they may finish in any order.
   *
   * @param feeds values for this run; copied before this returns
   * @param fetches names of the outputs to return
   * @param targets names of nodes to run without returning an output
   * @param options a serialized RunOptions
   * @returns a serialized RunMetadata, followed by the fetched tensors in the order of `fetches`
   * @throws Error with TensorFlow's message, or if a fetched tensor contains strings or handles
   */
  run(
    feeds: readonly NativeFeed[],
    fetches: readonly string[],
    targets: readonly string[],
    options: Uint8Array,
  ): Promise<[metadata: Uint8Array, ...tensors: NativeTensor[]]>;

  /** Closes the session: runs in progress finish, later ones throw. The memory is freed after the last run. */
  close(): void;
}
