/** Decodes and reduces JPEGs in one go, outside the thread of JavaScript. */
import type { ImageSize } from '../size.ts';
import type { Pixels } from './pixels.ts';

/** `FastResizeFilter.Bilinear` and `ResizeFit.Fill`: the package's enumerations are types alone. */
const [BILINEAR, FILL] = [1, 1];

/**
 * The largest block that glibc learns from (DEFAULT_MMAP_THRESHOLD_MAX), less its own head. Each thread that decodes
 * would give its few megabytes back to the system after each picture, and get them anew, cleared: a quarter of the time.
 * glibc keeps what is less than twice the largest block that was ever freed, so one is taken and left to be freed.
 */
const LESSON_BYTES = 31 * 2 ** 20;

type NativeImage = typeof import('@napi-rs/image');

let loading: Promise<NativeImage> | undefined;

/** Loads the package when it is first needed. */
function loadNativeImage(): Promise<NativeImage> {
  if (loading === undefined) {
    loading = import('@napi-rs/image');
    new ArrayBuffer(LESSON_BYTES);
  }
  return loading;
}

/**
 * Decodes a JPEG, turns it and reduces it with the package `@napi-rs/image`: by a Rust decoder and Pillow's filter
 * (fast_image_resize), in less than half the time that libvips takes for photographs of 640 × 427 pixels.
 *
 * @param bytes the whole file, of a sound structure: the decoder fills in what a file that was cut off lacks
 * @param orientation EXIF's, 1 to 8
 * @returns red, green and blue; undefined if it cannot be decoded so
 */
export async function reducedJpeg(bytes: Buffer, to: ImageSize, orientation: number): Promise<Pixels | undefined> {
  try {
    const { Transformer } = await loadNativeImage();
    const picture = new Transformer(bytes);
    if (orientation !== 1) picture.rotate(orientation);
    const colours = await picture.fastResize({ ...to, filter: BILINEAR, fit: FILL }).rawPixels();
    return withoutAlpha(colours, to);
  } catch {
    return undefined; // libvips knows the reason, or can decode it; or there is no such package for this system
  }
}

/** Red, green and blue of pixels that have an alpha channel too; undefined if they are not as many as they should be. */
function withoutAlpha(colours: Buffer, { height, width }: ImageSize): Pixels | undefined {
  const count = height * width;
  if (colours.length !== 4 * count) return undefined;
  const pixels = new Uint8Array(3 * count);
  for (let at = 0, from = 0; at < pixels.length; at += 3, from += 4) {
    pixels[at] = colours[from]!;
    pixels[at + 1] = colours[from + 1]!;
    pixels[at + 2] = colours[from + 2]!;
  }
  return { pixels, height, width, channels: 3 };
}
