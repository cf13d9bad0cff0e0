/** The room's table entry. */
import type { NetworkFormatRoom } from '../network-format.ts';

/** See `NetworkFormatRoom`. */
export const SAVED_MODEL: NetworkFormatRoom = {
  layout: 'NHWC',
  byteType: 'float32',
  write: () => {
    throw new Error('not written yet');
  },
  open: async () => {
    throw new Error('not written yet');
  },
};
