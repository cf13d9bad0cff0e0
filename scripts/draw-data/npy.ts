/** Makes `.npy` files of bytes, as NumPy writes them (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */

/** The header is padded to a multiple of this, so that the values are aligned. */
const ALIGNMENT_BYTES = 64;

/**
 * An array of bytes as a file.
 *
 * @param values in C order: as many as the shape says
 */
export function npyBytes(shape: readonly number[], values: Uint8Array): Buffer {
  const fields = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const magic = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
  const before = magic.length + 2; // and the header's length in 16 bits
  const length = Math.ceil((before + fields.length + 1) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES - before;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(length);
  return Buffer.concat([magic, size, Buffer.from(`${fields.padEnd(length - 1)}\n`), values]);
}
