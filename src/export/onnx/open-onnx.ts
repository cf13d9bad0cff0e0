/** Runs an ONNX file with onnxruntime-web, which is optional: whoever wants the proof of an export installs it. */
import { sizeOf } from '../../net/parameters.ts';
import { INPUT_NAME, type InferenceGraph } from '../inference/graph.ts';
import type { Missing, OpenedNetwork } from '../network-format.ts';

/** The least severe messages that ONNX Runtime prints: errors. */
const ERRORS_ONLY = { name: 'error', level: 3 } as const;

/**
 * Most images of a call: WebAssembly is compiled anew after its first calls, and a call goes on to its end as it has begun
 * (100 images of MNIST with ResNet-18: 1.9 s in tens, 2.1 s at once).
 */
const IMAGES_AT_ONCE = 10;

/** Reads a file that was written, and gets it ready to run on one thread; see `NetworkFormatRoom.open`. */
export async function openOnnx(
  path: string,
  { input, output, classes }: InferenceGraph,
): Promise<OpenedNetwork | Missing> {
  const onnxRuntime = await loadOnnxRuntime();
  if (onnxRuntime === undefined) return { missing: 'npm i onnxruntime-web' };
  const { env, InferenceSession, Tensor } = onnxRuntime;
  env.wasm.numThreads = 1; // else it starts workers, which share nothing with this tool's own threads
  env.logLevel = ERRORS_ONLY.name;
  const session = await InferenceSession.create(path, {
    executionProviders: ['wasm'],
    logSeverityLevel: ERRORS_ONLY.level,
  });
  return {
    runtime: `onnxruntime-web ${env.versions.web}`,
    async run(numbers, count) {
      const type = input.numbers === 'bytes' ? 'uint8' : 'float32';
      const answers = new Float32Array(count * classes);
      for (let begin = 0; begin < count; begin += IMAGES_AT_ONCE) {
        const images = Math.min(IMAGES_AT_ONCE, count - begin);
        const part = numbers.subarray(begin * sizeOf(input.shape), (begin + images) * sizeOf(input.shape));
        const results = await session.run({ [INPUT_NAME]: new Tensor(type, part, [images, ...input.shape]) }, [output]);
        answers.set((await results[output]?.getData()) as Float32Array, begin * classes);
      }
      return answers;
    },
    close: () => session.release(),
  };
}

/** The package's build for Node: plain WebAssembly, without what a browser's GPU needs. */
async function loadOnnxRuntime(): Promise<typeof import('onnxruntime-web') | undefined> {
  try {
    return await import('onnxruntime-web');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
