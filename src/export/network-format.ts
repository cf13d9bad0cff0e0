/** What the room of each format of networks provides: a writer, and what runs the file to prove it. */
import type { Runtime } from '../runtime/open.ts';
import type { InferenceGraph } from './inference/graph.ts';

/** A file of an export: its bytes in order. */
export interface WrittenFile {
  /** Name in the export's folder; '' for the one file of an export that is no folder. */
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
}

/** Facts about a model as short texts by name, for formats that have room for them. */
export type ModelFacts = Readonly<Record<string, string>>;

/** An exported network in a runtime. */
export interface OpenedNetwork {
  /** Name and version of the runtime: `onnxruntime-web 1.30.0`. */
  readonly runtime: string;
  /**
   * Runs the network on images.
   *
   * @param numbers as the graph's input: bytes or normalised numbers, in the order of the format's `layout`
   * @param count number of the images
   * @returns the graph's output, [count, classes]
   */
  run(numbers: Uint8Array | Float32Array, count: number): Promise<Float32Array>;
  close(): Promise<void> | void;
}

/** Why an export cannot be run here. */
export interface Missing {
  /** What to do, so that it can: `npm i onnxruntime-web`. */
  readonly missing: string;
}

/** A format of networks. */
export interface NetworkFormatRoom {
  /** Order of an image's numbers: channels first, or last. */
  readonly layout: 'NCHW' | 'NHWC';
  /** Type of the numbers of an input of bytes; normalised ones are always float32. */
  readonly byteType: 'uint8' | 'float32';
  /** The files of a network; they depend on the graph and the facts alone. */
  readonly write: (graph: InferenceGraph, facts: ModelFacts) => readonly WrittenFile[];
  /**
   * Reads the written files back, and gets them ready to run.
   *
   * @param path the file or folder
   * @param runtime the runtime that is open; a room may make another backend the current one
   */
  readonly open: (path: string, graph: InferenceGraph, runtime: Runtime) => Promise<OpenedNetwork | Missing>;
}
