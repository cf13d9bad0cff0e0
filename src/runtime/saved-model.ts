/** Runs a SavedModel of TensorFlow: a folder that holds a graph with its weights. */
import { loadAddon } from './graph/session.ts';
import type { Tensor, TensorFlowJs } from './tensor.ts';

/** A signature of a SavedModel that has one input and one output; tfjs-node's TFSavedModel. */
export interface SavedModel {
  /** The output for an input of any batch; the caller disposes both. */
  predict(input: Tensor): Tensor;
  /** Closes its session; it cannot be called again. */
  dispose(): void;
}

/** The members of tfjs-node that this file uses; its types are in a package that is no dependency. */
interface NodeOnly {
  readonly node: {
    loadSavedModel(folder: string, tags: string[], signature: string): Promise<SavedModel>;
  };
}

/**
 * Loads a SavedModel, and prints nothing. Requires the TensorFlow backend.
 *
 * @throws Error with TensorFlow.js's or TensorFlow's message if it cannot be loaded
 */
export async function loadSavedModel(
  tf: TensorFlowJs,
  folder: string,
  { tag, signature }: { readonly tag: string; readonly signature: string },
): Promise<SavedModel> {
  loadAddon(); // applies the log level: a new session names each GPU
  return (tf as TensorFlowJs & NodeOnly).node.loadSavedModel(folder, [tag], signature);
}
