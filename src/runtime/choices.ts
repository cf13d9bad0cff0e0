/** What can be chosen of a runtime, apart from `open.ts` so that a command line can be read without loading one. */
export const BACKENDS = ['auto', 'tensorflow', 'wasm'] as const;
export const DEVICES = ['auto', 'gpu', 'cpu'] as const;

export type BackendChoice = (typeof BACKENDS)[number];
export type DeviceChoice = (typeof DEVICES)[number];

/** Training speed to expect of ResNet-18 at 28×28 on WebAssembly, in images a second (median of three runs at batch 128 on 2 cores without AVX-512; fewer at smaller batches). */
export const WASM_IMAGES_PER_SECOND = 23;
