/** Writes small images as small files. */
import type { Image } from './image.ts';
import { loadSharp } from './sharp.ts';

/** A small picture as a file. */
export interface Thumbnail {
  readonly type: 'image/png' | 'image/jpeg';
  readonly bytes: Buffer;
}

/** Largest PNG that is taken, in bytes: drawings stay as they are, and photographs become JPEG. */
const MAX_PNG_BYTES = 4096;

/** Quality of the JPEG. */
const QUALITY = 80;

/**
 * Writes an image as PNG, or as JPEG where a PNG would be large.
 *
 * @throws UserError (device) if sharp is not installed
 */
export async function thumbnailOf({ pixels, height, width, channels = 1 }: Image): Promise<Thumbnail> {
  const sharp = await loadSharp();
  const image = sharp(pixels, { raw: { height, width, channels } });
  if (channels === 1) image.toColourspace('b-w'); // else a grey PNG has three channels
  const png = await image.clone().png({ compressionLevel: 9 }).toBuffer();
  if (png.length <= MAX_PNG_BYTES) return { type: 'image/png', bytes: png };
  return { type: 'image/jpeg', bytes: await image.jpeg({ quality: QUALITY }).toBuffer() };
}
