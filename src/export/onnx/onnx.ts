/** The room's table entry. */
import type { NetworkFormatRoom } from '../network-format.ts';

/** See `NetworkFormatRoom`. */
export const ONNX: NetworkFormatRoom = {
  layout: 'NCHW',
  byteType: 'uint8',
  write: () => {
    throw new Error('not written yet');
  },
  open: async () => {
    throw new Error('not written yet');
  },
};
