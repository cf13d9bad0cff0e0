/**
 * A picture of a digit made into an image as MNIST's are (LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning
 * Applied to Document Recognition, 1998): scaled into a box of 20 × 20 pixels by anti-aliasing, its aspect kept, and put
 * into one of 28 × 28 so that its centre of mass lies in the middle.
 */
import type { Image } from '../dataset/source.ts';
import { type Box, inkBox } from './bounding-box.ts';
import { findInk, type Ink } from './ink.ts';
import { evenLight } from './lighting.ts';
import { resample } from './resample.ts';
import type { ImageSize } from './size.ts';

/** The box's share of a side: MNIST's 20 of 28 pixels. */
const BOX = 20 / 28;

/** Of 500 enlarged digits in JPEGs a weak model reads 97.2 % as it does the originals; with 1 it is 93.0 %, with 3 96.2 %. */
const STEEPEST = 2;

/**
 * @param picture dark ink on light paper, or light on dark
 * @param size of the result; the box is scaled with it
 * @returns [size.height, size.width], light ink (255) on black (0) as in MNIST; undefined where there is no ink
 */
export function digitOf(picture: Image, size: ImageSize): Uint8Array | undefined {
  const ink = findInk(evenLight(picture), picture);
  const box = ink && inkBox(ink);
  if (!ink || !box) return undefined;
  const { values, ...scaled } = fitIntoBox(ink, box, size);
  return centred(values, scaled, size);
}

interface Scaled extends ImageSize {
  /** [height, width], 0 to 255 */
  readonly values: Uint8Array;
}

function fitIntoBox(ink: Ink, box: Box, size: ImageSize): Scaled {
  const from = { height: box.bottom - box.top, width: box.right - box.left };
  const room = { height: boxed(size.height), width: boxed(size.width) };
  const scale = Math.min(room.height / from.height, room.width / from.width);
  const scaledSide = (side: 'height' | 'width') => Math.max(1, Math.min(room[side], Math.round(from[side] * scale)));
  const to = { height: scaledSide('height'), width: scaledSide('width') };
  const strength = resample(sharpened(crop(ink, box), 1 / scale), from, to);
  // A stroke thinner than a pixel would be faint: the strongest is full ink.
  const most = Math.min(
    1,
    strength.reduce((largest, value) => Math.max(largest, value), 0),
  );
  const values = Uint8Array.from(strength, (value) => Math.round(255 * Math.max(0, Math.min(1, value / most))));
  return { ...to, values };
}

/**
 * MNIST's pictures had two levels, ink and paper, before they were scaled. Those given here have soft edges between: the
 * larger they are the steeper these are made, so that they do not become softer still.
 *
 * @param shrinkage how many times smaller the digit will be
 */
function sharpened(strength: Float32Array, shrinkage: number): Float32Array {
  const steepness = Math.min(STEEPEST, Math.max(1, shrinkage));
  return strength.map((value) => Math.max(0, Math.min(1, 0.5 + steepness * (value - 0.5))));
}

function boxed(side: number): number {
  return Math.max(1, Math.round(BOX * side));
}

function crop({ strength, width }: Ink, { top, left, bottom, right }: Box): Float32Array {
  const across = right - left;
  const cropped = new Float32Array((bottom - top) * across);
  for (let row = top; row < bottom; row++) {
    cropped.set(strength.subarray(row * width + left, row * width + right), (row - top) * across);
  }
  return cropped;
}

/**
 * By whole pixels, as in MNIST: there the centre of mass lies in the pixel behind the middle, row 14 and column 14
 * (counted from 0) in all of the 10,000 test images.
 */
function centred(values: Uint8Array, { height, width }: ImageSize, size: ImageSize): Uint8Array {
  let [mass, down, across] = [0, 0, 0];
  for (const [index, value] of values.entries()) {
    mass += value;
    down += value * (Math.floor(index / width) + 0.5);
    across += value * ((index % width) + 0.5);
  }
  const offset = (whole: number, side: number, centre: number) =>
    Math.max(0, Math.min(whole - side, Math.floor(whole / 2) - Math.floor(centre)));
  const top = offset(size.height, height, down / mass);
  const left = offset(size.width, width, across / mass);
  const image = new Uint8Array(size.height * size.width);
  for (let row = 0; row < height; row++) {
    image.set(values.subarray(row * width, (row + 1) * width), (top + row) * size.width + left);
  }
  return image;
}
