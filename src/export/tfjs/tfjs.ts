/** Layers models of TensorFlow.js: for browsers, and for Node. */
import type { NetworkFormatRoom } from '../network-format.ts';
import { openLayersModel } from './open-layers-model.ts';
import { layersModelFiles } from './write-layers-model.ts';

/** See `NetworkFormatRoom`. Bytes are float32 numbers: TensorFlow.js has no type for bytes. */
export const TFJS: NetworkFormatRoom = {
  layout: 'NHWC',
  byteType: 'float32',
  write: layersModelFiles,
  open: openLayersModel,
};
