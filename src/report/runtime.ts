import type { Runtime } from '../runtime/open.ts';

/** One line that says what computes, e.g. `TensorFlow 2.21.0 on the CPU`. */
export function runtimeLine({ backend, device, version }: Pick<Runtime, 'backend' | 'device' | 'version'>): string {
  if (backend === 'wasm') return `backend wasm: TensorFlow.js ${version} on WebAssembly, one CPU thread`;
  return `backend tensorflow: TensorFlow ${version}, device ${device}`;
}
