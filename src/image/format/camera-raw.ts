/** Recognises the raw pictures of cameras that are TIFF files: what a TIFF decoder finds first in them is a preview. */

/** Tags of a TIFF's first directory (TIFF 6.0; Adobe, Digital Negative Specification 1.7, 2023). */
const TAGS = { subfileType: 254, subdirectories: 330, dngVersion: 50706 } as const;

/** The bit of the tag `subfileType` of a picture that is a smaller copy of another in the file. */
const REDUCED = 1;

/** Bytes of a directory's entry: tag, type, count and value. */
const ENTRY_BYTES = 12;

/**
 * What kind of raw picture a TIFF file is. The preview of 160 × 120 pixels that a Nikon or Sony file begins with has
 * black bars, which would be taken for ink.
 *
 * @param bytes a file that begins as a TIFF does
 * @returns undefined if it is none
 */
export function cameraRaw(bytes: Buffer): string | undefined {
  const tags = firstDirectory(bytes);
  if (tags.has(TAGS.dngVersion)) return 'DNG';
  const isPreview = ((tags.get(TAGS.subfileType) ?? 0) & REDUCED) !== 0;
  return isPreview && tags.has(TAGS.subdirectories) ? 'such as NEF or ARW' : undefined;
}

/** The tags of a TIFF's first directory with their values, if those are one number; empty if it is not in the file. */
function firstDirectory(bytes: Buffer): Map<number, number> {
  const little = bytes[0] === 0x49; // "I", for Intel
  const short = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const tags = new Map<number, number>();
  const begin = bytes.length < 8 ? bytes.length : long(4);
  if (begin + 2 > bytes.length) return tags;
  for (let at = begin + 2, left = short(begin); left > 0 && at + ENTRY_BYTES <= bytes.length; left--) {
    tags.set(short(at), short(at + 2) === 3 ? short(at + 8) : long(at + 8)); // type 3 is a number of 16 bits
    at += ENTRY_BYTES;
  }
  return tags;
}
