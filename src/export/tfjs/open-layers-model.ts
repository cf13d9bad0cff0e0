/** Reads a layers model from the disk, and runs it with TensorFlow.js on WebAssembly, as a browser would. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../../errors.ts';
import { openRuntime, type Runtime } from '../../runtime/open.ts';
import type { Tensor, TensorFlowJs } from '../../runtime/tensor.ts';
import type { InferenceGraph } from '../inference/graph.ts';
import type { OpenedNetwork } from '../network-format.ts';
import { MODEL_FILE } from './write-layers-model.ts';

/** What `model.json` holds. */
type ModelJson = Parameters<TensorFlowJs['io']['getModelArtifactsForJSON']>[0];

/**
 * Opens the model in a folder. WebAssembly is the current backend until it is closed.
 *
 * @param current the runtime that is open, and will be again
 * @throws UserError (checkpoint) if the weights have another length than `model.json` says
 */
export async function openLayersModel(
  folder: string,
  { input: { shape } }: InferenceGraph,
  current: Runtime,
): Promise<OpenedNetwork> {
  const json: ModelJson = JSON.parse(await readFile(join(folder, MODEL_FILE), 'utf8'));
  const { tf, version, backend } = await openRuntime({ backend: 'wasm' });
  const close = async () => {
    await tf.setBackend(current.backend);
  };
  try {
    const load = () => tf.io.getModelArtifactsForJSON(json, (groups) => readWeights(tf, folder, groups));
    const model = await tf.loadLayersModel({ load });
    const [channels, height, width] = shape;
    return {
      runtime: `TensorFlow.js ${version} (${backend})`,
      async run(numbers, count) {
        const output = tf.tidy(() => {
          return model.predictOnBatch(tf.tensor4d(numbers, [count, height, width, channels], 'float32')) as Tensor;
        });
        const values = (await output.data()) as Float32Array;
        output.dispose();
        return values;
      },
      async close() {
        model.dispose();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The entries of all weights, and their bytes from all shards. */
async function readWeights(
  tf: TensorFlowJs,
  folder: string,
  groups: ModelJson['weightsManifest'],
): Promise<[ModelJson['weightsManifest'][number]['weights'], ArrayBuffer]> {
  const shards = groups.flatMap(({ paths }) => paths);
  const bytes = Buffer.concat(await Promise.all(shards.map((path) => readFile(join(folder, path)))));
  const weights = groups.flatMap((group) => group.weights);
  const wanted = weights.reduce((sum, { shape, quantization }) => {
    return sum + tf.util.sizeFromShape(shape) * (quantization ? 2 : 4);
  }, 0);
  if (bytes.length !== wanted) {
    const problem = `the shards of ${folder} hold ${bytes.length} bytes, and ${MODEL_FILE} names ${wanted}`;
    throw new UserError(`${problem}; export it again`, ExitCode.checkpoint);
  }
  return [weights, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)];
}
