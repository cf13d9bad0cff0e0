/** The interfaces of our native addons, compiled by set-up to `runtimeLocations()`. */

/** `library_load`. It is not linked with TensorFlow, whose libraries may write as soon as they are loaded. */
export interface LibraryLoadAddon {
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

  /**
   * Has all threads that start from now on share one arena of glibc's malloc, so that what one frees another can use. Does
   * nothing elsewhere.
   */
  shareMallocArena(): void;

  /** Gives the memory back to the system that glibc's malloc holds and nothing uses. Does nothing elsewhere. */
  releaseFreeMemory(): void;

  /**
   * Gives the pages back that are mapped of libraries whose path contains `name` and that nothing has written to. The
   * system reads them again from the file when they are next needed. Does nothing elsewhere than on Linux.
   */
  releaseLibraryPages(name: string): void;
}

/** `graph_session`: what TensorFlow.js's binding lacks of TensorFlow's C interface. */
export interface GraphSessionAddon {
  readonly GraphSession: new (config: Uint8Array, target: string) => NativeGraphSession;

  /**
   * The kernels that the library holds for an op, whether or not a device for them is at hand.
   *
   * @returns a serialized KernelList, empty for an unknown op
   */
  registeredKernels(op: string): Uint8Array;

  /**
   * Sets which of Abseil's messages reach standard error, in TF_CPP_MIN_LOG_LEVEL's numbers (0 all … 3 fatal ones).
   * TensorFlow 2.21 heeds that variable for its own messages only; sessions write others, e.g. `Created device` for
   * each on a GPU and four lines for each traced run.
   */
  setLogLevel(level: number): void;
}

/** What TensorFlow knows of an output of a node before it runs. */
export interface NativeOutput {
  /** TensorFlow's number of the type (types.proto). */
  readonly dtype: number;
  /** -1 for a side that is not known; absent where not even their number is. */
  readonly shape?: BigInt64Array;
}

export interface NativeFeed {
  /** The output that gets the value, for one run. */
  readonly name: string;
  /** TensorFlow's number of the type. */
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: ArrayBufferView;
}

export interface NativeTensor {
  readonly shape: BigInt64Array;
  /** A copy, row-major. */
  readonly data: Uint8Array;
}

/**
 * A graph, empty at first, and a TensorFlow session over it, whose variables live as long as the session. The
 * constructor takes a serialized ConfigProto and the address of a TensorFlow server ('' for this process). An output of a
 * node is named `node` or `node:1`.
 *
 * Every method throws TensorFlow's message, or an error for arguments of other types; no argument can harm memory.
 */
export interface NativeGraphSession {
  /**
   * Adds nodes, which later runs see; after an error the graph is as it was.
   *
   * @param graphDef a serialized GraphDef
   * @param existing what the new nodes name as inputs and is in the graph already: outputs, and `^node` for a node that
   *   only has to run before
   */
  extend(graphDef: Uint8Array, existing: readonly string[]): void;

  /** @returns what TensorFlow inferred of each output of a node */
  describe(node: string): NativeOutput[];

  /**
   * Runs the graph on a thread of libuv's pool. Several runs may be under way; they end in any order.
   *
   * @param feeds values for this run; copied before this returns
   * @param fetches outputs whose values are wanted
   * @param targets nodes to run without fetching
   * @param options a serialized RunOptions
   * @returns a serialized RunMetadata, then the fetched tensors in the order of `fetches`; rejected with TensorFlow's
   *   message, or where a tensor holds strings or handles
   */
  run(
    feeds: readonly NativeFeed[],
    fetches: readonly string[],
    targets: readonly string[],
    options: Uint8Array,
  ): Promise<[metadata: Uint8Array, ...tensors: NativeTensor[]]>;

  /** Runs under way go on to their end; later ones throw. The session's memory is freed after the last. */
  close(): void;
}
