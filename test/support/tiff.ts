/** TIFF files of a few bytes, with tags that encoders here do not write. */

/** The tags of a grey picture of 4 × 4 pixels of 8 bits in one strip, uncompressed; see TIFF 6.0. */
const TAGS: Readonly<Record<number, number>> = {
  256: 4, // width
  257: 4, // height
  258: 8, // bits per sample
  259: 1, // compression: none
  262: 1, // 0 is black
  277: 1, // samples per pixel
  278: 4, // rows per strip
};

/**
 * A TIFF file.
 *
 * @param tags tags, each one number of 32 bits, beside or in place of those of a grey picture of 4 × 4 pixels
 * @param bigEndian whether its numbers begin with the most significant byte
 */
export function tiff(tags: Readonly<Record<number, number>> = {}, bigEndian = false): Buffer {
  const pixels = Buffer.from([
    0,
    60,
    120,
    180,
    240,
    0,
    60,
    120,
    180,
    240,
    0,
    60,
    120,
    180,
    240,
    0,
    ...new Array(112).fill(9),
  ]);
  const entries = Object.entries({ ...TAGS, 273: 8, 279: pixels.length, ...tags }); // 273, 279: where the strip is
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  const long = (value: number, at: number) =>
    bigEndian ? directory.writeUInt32BE(value, at) : directory.writeUInt32LE(value, at);
  const short = (value: number, at: number) =>
    bigEndian ? directory.writeUInt16BE(value, at) : directory.writeUInt16LE(value, at);
  short(entries.length, 0);
  for (const [index, [tag, value]] of entries.entries()) {
    const at = 2 + 12 * index;
    short(Number(tag), at);
    short(4, at + 2); // a number of 32 bits
    long(1, at + 4);
    long(value, at + 8);
  }
  const header = Buffer.from(bigEndian ? 'MM\0*\0\0\0\0' : 'II*\0\0\0\0\0', 'latin1');
  if (bigEndian) header.writeUInt32BE(8 + pixels.length, 4);
  else header.writeUInt32LE(8 + pixels.length, 4);
  return Buffer.concat([header, pixels, directory]);
}
