/** Lets a file of tests decode pictures with sharp itself. */
import sharp from 'sharp';

/**
 * Unblocks all decoders of libvips. The tool blocks those that it does not need, for the whole process: other files of
 * tests that ran before in this one may have had it do so.
 */
export function unblockDecoders(): void {
  sharp.unblock({ operation: ['VipsForeignLoad'] });
}
