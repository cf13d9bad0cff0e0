/** The line about the backend, with which most commands begin their output; of WebAssembly there are two. */
import { WASM_IMAGES_PER_SECOND } from '../runtime/choices.ts';
import type { Runtime } from '../runtime/open.ts';

/** The line about the backend, for example `backend tensorflow: TensorFlow 2.21.0, device cpu`. */
export function runtimeLine({ backend, device, version }: Pick<Runtime, 'backend' | 'device' | 'version'>): string {
  if (backend === 'wasm') {
    const speed = `about ${WASM_IMAGES_PER_SECOND} images/s in training`;
    return `backend wasm: TensorFlow.js ${version} on WebAssembly, one CPU thread,\n  ${speed}`;
  }
  return `backend tensorflow: TensorFlow ${version}, device ${device}`;
}
