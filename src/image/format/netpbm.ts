/** Reads binary Netpbm pictures (PGM and PPM), which sharp's libvips is built without. */

/** Pixels of a picture. */
interface NetpbmPixels {
  /** [height, width, channels], 0 to 255 */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** Most bytes of a header: comments may be long. */
const MAX_HEADER_BYTES = 4096;

/** The magic of a binary PGM or PPM, and its three numbers, each after spaces and comments; then one space. */
const HEADER = /^P([56])(?:\s+(?:#[^\n]*\n\s*)*)(\d+)(?:\s+(?:#[^\n]*\n\s*)*)(\d+)(?:\s+(?:#[^\n]*\n\s*)*)(\d+)\s/;

/** Whether a file begins as a binary PGM or PPM does. */
export function isNetpbm(bytes: Buffer): boolean {
  return /^P[56]\s$/.test(bytes.toString('latin1', 0, 3));
}

/**
 * The pixels of a binary PGM or PPM as Pillow scales them: to 0 … 255 by the file's largest level; a PGM of 16 bits to
 * 0 … 65535, of which the high byte is kept.
 *
 * @param maxPixels largest height × width
 * @throws Error in libvips's words if the picture is too large, damaged or cut off
 */
export function parseNetpbm(bytes: Buffer, maxPixels: number): NetpbmPixels {
  const header = HEADER.exec(bytes.toString('latin1', 0, MAX_HEADER_BYTES));
  if (header === null) throw new Error('bad header');
  const channels = header[1] === '5' ? 1 : 3;
  const [width, height, largest] = header.slice(2).map(Number) as [number, number, number];
  if (width * height > maxPixels) throw new Error('exceeds pixel limit');
  if (width === 0 || height === 0 || largest === 0 || largest > 65_535) throw new Error('bad header');
  const count = width * height * channels;
  const bytesEach = largest > 255 ? 2 : 1;
  const stored = bytes.subarray(header[0].length, header[0].length + count * bytesEach);
  if (stored.length < count * bytesEach) throw new Error('cut off');
  if (largest === 255) return { pixels: stored, height, width, channels };
  const levels = levelsUpTo(largest, channels);
  const pixels = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    const level = bytesEach === 1 ? stored[at]! : (stored[2 * at]! << 8) | stored[2 * at + 1]!;
    pixels[at] = levels[Math.min(level, largest)]!;
  }
  return { pixels, height, width, channels };
}

/** The level, 0 … 255, of each stored level of a picture. */
function levelsUpTo(largest: number, channels: 1 | 3): Uint8Array {
  const isDeepGrey = channels === 1 && largest > 255;
  const all = isDeepGrey ? 65_535 : 255;
  return Uint8Array.from({ length: largest + 1 }, (_, level) => {
    const scaled = Math.round((level / largest) * all);
    return isDeepGrey ? scaled >> 8 : scaled;
  });
}
