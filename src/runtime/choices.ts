/** What can be chosen of a runtime, apart from `open.ts` so that a command line can be read without loading one. */
export const BACKENDS = ['auto', 'tensorflow', 'wasm'] as const;
export const DEVICES = ['auto', 'gpu', 'cpu'] as const;

export type BackendChoice = (typeof BACKENDS)[number];
export type DeviceChoice = (typeof DEVICES)[number];
