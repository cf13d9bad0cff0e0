/** The writer and the runner of each form that holds a network, loaded when they are needed. */
import type { NetworkFormat } from './formats.ts';
import type { NetworkFormatRoom } from './network-format.ts';

/** Loads what belongs to a form. */
export const NETWORK_ROOMS: Readonly<Record<NetworkFormat, () => Promise<NetworkFormatRoom>>> = {
  onnx: async () => (await import('./onnx/onnx.ts')).ONNX,
  tfjs: async () => (await import('./tfjs/tfjs.ts')).TFJS,
  'saved-model': async () => (await import('./saved-model/saved-model.ts')).SAVED_MODEL,
};
