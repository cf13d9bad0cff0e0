/** Looks through the structure of a JPEG file. */
import type { ImageSize } from '../size.ts';

/** What the structure of a JPEG tells. */
export interface JpegStructure {
  /** Size of the picture as it is stored, before EXIF turns it. */
  readonly size: ImageSize;
  readonly isGrey: boolean;
  /** Whether there are EXIF data, which may say that the picture is to be turned. */
  readonly hasExif: boolean;
}

/** Markers of ITU-T T.81, table B.1. */
const [START_OF_SCAN, END_OF_IMAGE, APP1, APP14] = [0xda, 0xd9, 0xe1, 0xee];

/** Where Adobe's segment says how colours are stored, and its word for red, green and blue. */
const [ADOBE_COLOURS_AT, ADOBE_RGB] = [11, 0];

/** Markers of frames that begin a JPEG of Huffman codes: baseline, extended and progressive. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];

/** Markers of all segments that may stand in such a JPEG: frames, tables, scans, restarts, APP0 to APP15, a comment. */
const isSegment = (marker: number) =>
  FRAMES.includes(marker) ||
  marker === 0xc4 ||
  (marker >= 0xda && marker <= 0xdd) ||
  (marker >= 0xe0 && marker <= 0xef) ||
  marker === 0xfe;

const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;

const beginsWith = (bytes: Buffer, at: number, word: string) => bytes.toString('latin1', at, at + word.length) === word;

/**
 * The structure of a JPEG with 8 bits a channel, in grey or in brightness and two differences of colour, from its
 * beginning to the end that it must have: a file that was cut off has none, and in one with lost bytes the segments
 * rarely follow one another.
 *
 * @param bytes the whole file
 * @returns undefined if the file is anything else, or is damaged
 */
export function jpegStructure(bytes: Buffer): JpegStructure | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  let frame: Omit<JpegStructure, 'hasExif'> | undefined;
  let [hasExif, hasScan] = [false, false];
  for (let at = 2; bytes[at] === 0xff; ) {
    while (bytes[at + 1] === 0xff) at++; // bytes that fill
    const marker = bytes[at + 1];
    if (marker === END_OF_IMAGE) return frame && hasScan ? { ...frame, hasExif } : undefined;
    if (marker === undefined || !isSegment(marker) || at + 4 > bytes.length) return undefined;
    const begin = at + 4; // of what the segment holds
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end < begin || end > bytes.length) return undefined;
    if (FRAMES.includes(marker)) {
      if (frame !== undefined) return undefined;
      frame = frameOf(bytes.subarray(begin, end));
      if (frame === undefined) return undefined;
    }
    hasExif ||= marker === APP1 && beginsWith(bytes, begin, 'Exif');
    const isAdobe = marker === APP14 && beginsWith(bytes, begin, 'Adobe');
    if (isAdobe && bytes[begin + ADOBE_COLOURS_AT] === ADOBE_RGB) return undefined;
    hasScan ||= marker === START_OF_SCAN;
    at = marker === START_OF_SCAN ? endOfScan(bytes, end) : end;
  }
  return undefined;
}

/** What a frame's segment says; undefined if it is of a kind that is rare. */
function frameOf(segment: Buffer): Omit<JpegStructure, 'hasExif'> | undefined {
  if (segment.length < 6) return undefined;
  const [bits, channels] = [segment[0], segment[5]];
  const size = { height: segment.readUInt16BE(1), width: segment.readUInt16BE(3) };
  if (bits !== 8 || size.height === 0 || size.width === 0) return undefined;
  if (channels === 1) return { size, isGrey: true };
  return channels === 3 && hasUsualColours(segment) ? { size, isGrey: false } : undefined;
}

/**
 * Whether three colours are stored as usual. Decoders disagree about components that are called R, G and B, and about
 * those of which the first, the brightness, is stored more coarsely than another.
 */
function hasUsualColours(segment: Buffer): boolean {
  if (segment.length < 15) return false;
  const [first, ...others] = [6, 9, 12].map((at) => {
    return { name: segment[at]!, across: segment[at + 1]! >> 4, down: segment[at + 1]! & 15 };
  });
  if (String.fromCharCode(first!.name, ...others.map(({ name }) => name)) === 'RGB') return false;
  return others.every(({ across, down }) => across <= first!.across && down <= first!.down);
}

/** Where the first marker after a scan's codes stands; the length of all bytes if there is none. */
function endOfScan(bytes: Buffer, begin: number): number {
  for (let at = bytes.indexOf(0xff, begin); at !== -1; at = bytes.indexOf(0xff, at)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next === 0xff) at++;
    else if (next === 0 || isRestart(next)) at += 2;
    else return at;
  }
  return bytes.length;
}
