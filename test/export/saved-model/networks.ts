/** Networks as SavedModels: what the tests of SavedModels read and run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphOptions, type GraphSource, inferenceGraph } from '../../../src/export/inference/build-graph.ts';
import type { InferenceGraph } from '../../../src/export/inference/graph.ts';
import type { ModelFacts } from '../../../src/export/network-format.ts';
import { SAVED_MODEL } from '../../../src/export/saved-model/saved-model.ts';

/** The bytes of a network's file `saved_model.pb`. */
export function bytesOf(graph: InferenceGraph, facts: ModelFacts = {}): Uint8Array {
  return Buffer.concat(SAVED_MODEL.write(graph, facts).flatMap(({ pieces }) => pieces));
}

/** Writes a network into a new folder; returns the network's operations. */
export function writtenInto(folder: string, source: GraphSource, options: GraphOptions): InferenceGraph {
  const graph = inferenceGraph(source, options);
  mkdirSync(folder);
  for (const { name, pieces } of SAVED_MODEL.write(graph, {})) writeFileSync(join(folder, name), Buffer.concat(pieces));
  return graph;
}
