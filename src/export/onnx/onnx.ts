/** The room's table entry: ONNX files (https://onnx.ai), as ONNX Runtime runs them. */
import type { NetworkFormatRoom } from '../network-format.ts';
import { openOnnx } from './open-onnx.ts';
import { onnxModel } from './write-onnx.ts';

/** See `NetworkFormatRoom`. */
export const ONNX: NetworkFormatRoom = {
  layout: 'NCHW',
  byteType: 'uint8',
  write: (graph, facts) => [{ name: '', pieces: [onnxModel(graph, facts)] }],
  open: openOnnx,
};
