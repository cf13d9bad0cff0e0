/** Pictures of MNIST's test digits, as files have them. */
import sharp, { type Sharp } from 'sharp';
import { loadDataset } from '../../src/dataset/load.ts';
import { imageIn } from '../../src/dataset/pixels.ts';
import { openImage, type Picture } from '../../src/image/decode.ts';
import { unblockDecoders } from './decoders.ts';

unblockDecoders();

export const DIGITS = await loadDataset('test');

/** A digit, light on black, 28 × 28. */
export function digitPicture(index: number): Sharp {
  const { pixels, height, width } = imageIn(DIGITS, index);
  return sharp(Buffer.from(pixels), { raw: { height, width, channels: 1 } }).toColourspace('b-w');
}

/** The digit enlarged to these sizes, which need not have its aspect, and black on light if `inverted`. */
export async function odd(index: number, height: number, width: number, inverted: boolean): Promise<Sharp> {
  const side = Math.min(height, width);
  const digit = await digitPicture(index).resize(side, side).png().toBuffer();
  const placed = { top: Math.floor((height - side) / 3), left: Math.floor((width - side) / 3) };
  const margins = { ...placed, bottom: height - side - placed.top, right: width - side - placed.left };
  const picture = await sharp(digit)
    .extend({ ...margins, background: 'black' })
    .png()
    .toBuffer();
  return inverted ? sharp(picture).negate() : sharp(picture);
}

/**
 * [height, width, 4] of one grey, with a bar of another down its middle; alpha is that of the rest, the bar is opaque.
 */
export function barPicture(side: number, rest: number, bar: number, alpha = 255): Buffer {
  const pixels = Buffer.alloc(side * side * 4);
  for (let index = 0; index < side * side; index++) {
    const [row, column] = [Math.floor(index / side), index % side];
    const inBar = row >= side / 4 && row < (3 * side) / 4 && column >= 0.45 * side && column < 0.55 * side;
    pixels.fill(inBar ? bar : rest, 4 * index, 4 * index + 3);
    pixels[4 * index + 3] = inBar ? 255 : alpha;
  }
  return pixels;
}

/** Decodes a picture file at once; see `openImage`. */
export async function decodeImage(bytes: Buffer, name: string): Promise<Picture> {
  const decode = await openImage(bytes, name);
  return decode();
}
