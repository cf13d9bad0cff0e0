/** The choices of a runtime. They are apart from `open.ts` so that a command line can be parsed without loading one. */

/** Values of `--backend`; see `RuntimeChoice`. */
export const BACKENDS = ['auto', 'tensorflow', 'wasm'] as const;
/** Values of `--device`; see `RuntimeChoice`. */
export const DEVICES = ['auto', 'gpu', 'cpu'] as const;

/** A value of `--backend`. */
export type BackendChoice = (typeof BACKENDS)[number];
/** A value of `--device`. */
export type DeviceChoice = (typeof DEVICES)[number];

/**
 * Expected speed of training ResNet-18 at 28×28 pixels on WebAssembly, in images per second: median of three runs with
 * batches of 128 on 2 cores without AVX-512. Smaller batches are slower.
 */
export const WASM_IMAGES_PER_SECOND = 23;
