/** Writes a network as a layers model of TensorFlow.js: `model.json`, and its weights in shards. */
import { INPUT_NAME, type InferenceGraph } from '../inference/graph.ts';
import { halfBits } from '../inference/half-bits.ts';
import type { ModelFacts, WrittenFile } from '../network-format.ts';
import { type KerasLayer, type LayerWeight, layersOf } from './layers.ts';

/** Name of the file that names all others. */
export const MODEL_FILE = 'model.json';

/** Bytes of a shard: as TensorFlow.js's converter cuts them, so that a browser keeps each in its cache. */
const SHARD_BYTES = 4 * 2 ** 20;

/** The files of a network; the facts become the model's `userDefinedMetadata`. */
export function layersModelFiles(graph: InferenceGraph, facts: ModelFacts): WrittenFile[] {
  const layers = layersOf(graph);
  const weights = layers.flatMap((layer) => layer.weights.map((weight) => storedWeight(layer, weight, graph)));
  const shards = shardsOf(weights.map(({ bytes }) => bytes));
  const paths = shards.map((_, index) => `group1-shard${index + 1}of${shards.length}.bin`);
  const model = {
    format: 'layers-model',
    modelTopology: {
      class_name: 'Model',
      config: {
        name: graph.name,
        layers: layers.map(layerEntry),
        input_layers: [[INPUT_NAME, 0, 0]],
        output_layers: [[graph.output, 0, 0]],
      },
    },
    weightsManifest: [{ paths, weights: weights.map(({ entry }) => entry) }],
    userDefinedMetadata: facts,
  };
  return [
    { name: MODEL_FILE, pieces: [Buffer.from(`${JSON.stringify(model)}\n`)] },
    ...shards.map((pieces, index) => ({ name: paths[index] as string, pieces })),
  ];
}

function layerEntry({ name, className, config, inputs }: KerasLayer): object {
  const calls = inputs.length ? [inputs.map((input) => [input, 0, 0, {}])] : [];
  return { name, class_name: className, config: { name, ...config }, inbound_nodes: calls };
}

/** A weight's entry in the manifest, and its bytes: float16 where the graph's weights are, which becomes float32 again. */
function storedWeight(
  layer: KerasLayer,
  { name, shape, values, isTrained }: LayerWeight,
  { weightType }: InferenceGraph,
): { readonly entry: object; readonly bytes: Uint8Array } {
  const isHalf = isTrained && weightType === 'float16';
  const stored = isHalf ? halfBits({ name, values }) : values;
  return {
    entry: {
      name: `${layer.name}/${name}`,
      shape,
      dtype: 'float32',
      ...(isHalf && { quantization: { dtype: 'float16', original_dtype: 'float32' } }),
    },
    bytes: new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength),
  };
}

/** Cuts bytes into shards; each is a list of pieces, and all but the last are full. */
function shardsOf(pieces: readonly Uint8Array[]): Uint8Array[][] {
  const shards: Uint8Array[][] = [];
  let room = 0; // in the last shard
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (room === 0) {
        shards.push([]);
        room = SHARD_BYTES;
      }
      const part = piece.subarray(at, at + room);
      shards.at(-1)?.push(part);
      at += part.length;
      room -= part.length;
    }
  }
  return shards;
}
