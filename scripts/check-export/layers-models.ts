/** Runs layers models in plain TensorFlow.js, in Node and in a browser. */
import type { TensorFlowJs } from '../../src/runtime/tensor.ts';
import type { Job, Outcome } from './job.ts';

/** A job, with the addresses of its files. */
export interface Served extends Pick<Job, 'shape'> {
  readonly model: string;
  readonly input: string;
}

/**
 * Runs jobs on a backend. A browser gets this function as text: it uses nothing but its arguments and what is global.
 *
 * @param wasmPath address of the folder with TensorFlow.js's .wasm files, which the browser's build asks for
 */
export async function runLayersModels(
  tf: TensorFlowJs & { wasm?: { setWasmPaths(path: string): void } },
  backend: string,
  jobs: readonly Served[],
  wasmPath?: string,
): Promise<Outcome[]> {
  if (wasmPath) tf.wasm?.setWasmPaths(wasmPath);
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
  const outcomes: Outcome[] = [];
  for (const { model, input, shape } of jobs) {
    try {
      const loaded = await tf.loadLayersModel(model);
      const numbers = new Float32Array(await (await fetch(input)).arrayBuffer());
      const size = shape.reduce((product, side) => product * side);
      const images = tf.tensor(numbers.subarray(0, size), [...shape]);
      const output = loaded.predict(images) as ReturnType<TensorFlowJs['tensor']>;
      outcomes.push({ answers: Array.from(await output.data()) });
      tf.dispose([images, output]);
      loaded.dispose();
    } catch (error) {
      outcomes.push({ fault: String(error) });
    }
  }
  return outcomes;
}
