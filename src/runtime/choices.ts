/** The choices of a runtime. They are apart from `open.ts` so that a command line can be parsed without loading one. */

/** Values of `--backend`; see `RuntimeChoice`. */
export const BACKENDS = ['auto', 'tensorflow', 'wasm'] as const;
/** Values of `--device`; see `RuntimeChoice`. */
export const DEVICES = ['auto', 'gpu', 'cpu'] as const;

/** What other tools call the devices. `gpu` is NVIDIA's only, so for another maker's GPU `auto` is the choice that works. */
export const DEVICE_SYNONYMS: Readonly<Record<string, DeviceChoice>> = {
  ...{ cuda: 'gpu', nvidia: 'gpu' },
  ...{ mps: 'auto', metal: 'auto', amd: 'auto', rocm: 'auto', hip: 'auto', xpu: 'auto', tpu: 'auto', npu: 'auto' },
};
/** What other tools call the backends. */
export const BACKEND_SYNONYMS: Readonly<Record<string, BackendChoice>> = {
  ...{ tf: 'tensorflow', node: 'tensorflow', native: 'tensorflow', webassembly: 'wasm' },
};

/** A value of `--backend`. */
export type BackendChoice = (typeof BACKENDS)[number];
/** A value of `--device`. */
export type DeviceChoice = (typeof DEVICES)[number];

/** What computes. */
export interface RuntimeFacts {
  readonly backend: 'tensorflow' | 'wasm';
  readonly device: 'gpu' | 'cpu';
  /** Version of TensorFlow; on WebAssembly, of TensorFlow.js. */
  readonly version: string;
}

/**
 * Expected speed of training ResNet-18 at 28×28 pixels on WebAssembly, in images per second: median of three runs with
 * batches of 128 on 2 cores without AVX-512. Smaller batches are slower.
 */
export const WASM_IMAGES_PER_SECOND = 23;
