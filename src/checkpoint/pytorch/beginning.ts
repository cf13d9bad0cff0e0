/**
 * How files of PyTorch begin. It is apart from their reader, which a run on its own checkpoints never loads: the reader's
 * modules would delay every start.
 */

/** How the stream form's magic number, of ten bytes, begins in every version of the pickle format. */
const MAGIC_BEGINNING = Buffer.from([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46]);

/** Where that is: behind the version (two bytes), and from version 4 on behind a frame's length too (nine bytes). */
const MAGIC_POSITIONS: readonly number[] = [2, 11];

/** Bytes by which the forms are told apart. */
export const BEGINNING_BYTES = Math.max(...MAGIC_POSITIONS) + MAGIC_BEGINNING.length;

/**
 * Whether a file is one of PyTorch's, by its first bytes. No safetensors file that is read begins so: its first eight
 * bytes tell its header's length, at most 1 MiB, so that the fourth to the eighth are 0; and what follows them is UTF-8,
 * which has no byte fc.
 */
export function isPyTorch(beginning: Buffer): boolean {
  return isZip(beginning) || (beginning[0] === 0x80 && MAGIC_POSITIONS.includes(beginning.indexOf(MAGIC_BEGINNING)));
}

/** Whether it is the zip form. */
export function isZip(beginning: Buffer): boolean {
  return beginning.subarray(0, 4).equals(Buffer.from('PK\x03\x04'));
}
