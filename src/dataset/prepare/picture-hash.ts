/** Hashes of what images look like: images that differ by size, format or a little noise have nearly the same. */
import { withChannels } from '../../image/prepare/colours.ts';
import { resizeAsPillow } from '../../image/prepare/pillow-resize.ts';
import type { ImagesInMemory } from './prepared-images.ts';

/** Size of the picture that is hashed: 8 differences in each of 8 rows. */
const [HEIGHT, WIDTH] = [8, 9];

/** Levels by which a pixel must be lighter than its left neighbour: less is noise of a flat ground. */
const MIN_RISE = 3;

/** Number of grey levels of an image that is hashed. */
export const LEVELS = HEIGHT * WIDTH;

/** Hashes of images. */
export interface PictureHashes {
  /** [count, 2]: the 64 bits of each image; a bit is 1 where the picture becomes lighter to the right (dHash) */
  readonly bits: Uint32Array;
  /** [count, 72]: each image as 8 × 9 grey levels */
  readonly levels: Uint8Array;
}

/** Hashes of prepared images; the padding does not count. */
export function pictureHashes(images: ImagesInMemory): PictureHashes {
  const { pixels, height, width, channels, contents } = images;
  const length = height * width * channels;
  const count = length === 0 ? 0 : pixels.length / length;
  const hashes = { bits: new Uint32Array(2 * count), levels: new Uint8Array(count * HEIGHT * WIDTH) };
  const whole = [0, 0, width, height];
  for (let index = 0; index < count; index++) {
    const image = { pixels: pixels.subarray(index * length, (index + 1) * length), height, width, channels };
    const [left, top, shownWidth, shownHeight] = contents?.subarray(4 * index, 4 * index + 4) ?? whole;
    const shown = { left: left!, top: top!, width: shownWidth!, height: shownHeight! };
    const content = contents === undefined ? image : resizeAsPillow(image, image, shown);
    const small = resizeAsPillow(withChannels(content, 1), { height: HEIGHT, width: WIDTH }).pixels;
    hashes.levels.set(small, index * small.length);
    for (let bit = 0; bit < 64; bit++) {
      const at = (bit >> 3) * WIDTH + (bit & 7);
      if (small[at + 1]! - small[at]! >= MIN_RISE) hashes.bits[2 * index + (bit >> 5)]! |= 1 << (bit & 31);
    }
  }
  return hashes;
}
