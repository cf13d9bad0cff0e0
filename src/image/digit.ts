/**
 * Makes an image like MNIST's from a picture of a digit (LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning
 * Applied to Document Recognition, 1998): the digit is scaled into a box of 20 × 20 pixels with anti-aliasing, its
 * aspect ratio kept, and placed in 28 × 28 pixels with its centre of mass in the middle.
 */
import type { Image } from '../dataset/source.ts';
import { type Box, inkBox } from './bounding-box.ts';
import { findInk, type Ink } from './ink.ts';
import { evenLight } from './lighting.ts';
import { resample } from './resample.ts';
import type { ImageSize } from './size.ts';

/** Side of the box that a digit is scaled into, as a fraction of the image's side: 20 of MNIST's 28 pixels. */
const BOX_FRACTION = 20 / 28;

/**
 * Largest factor by which edges are sharpened. A weak model predicted the same class for 97.2 % of 500 enlarged digits
 * in JPEGs as for the original images; with a factor of 1 for 93.0 %, with 3 for 96.2 %.
 */
const MAX_STEEPNESS = 2;

/** The digit of a picture. */
export interface Digit {
  /** [size.height, size.width], light ink (255) on black (0) as in MNIST */
  readonly pixels: Uint8Array;
  /** Where it lies in the picture. */
  readonly box: Box;
}

/**
 * The digit of a picture as an image like MNIST's.
 *
 * @param picture dark ink on light paper, or light ink on dark paper
 * @param size size of the result; the digit's box is scaled with it
 * @returns undefined for a picture without ink
 */
export function digitOf(picture: Image, size: ImageSize): Digit | undefined {
  const ink = findInk(evenLight(picture), picture);
  const box = ink && inkBox(ink);
  if (!ink || !box) return undefined;
  const { values, ...scaled } = fitIntoBox(ink, box, size);
  return { pixels: centred(values, scaled, size), box };
}

/** A digit scaled to the size of its box. */
interface ScaledDigit extends ImageSize {
  /** Grey levels [height, width], 0 (paper) to 255 (ink). */
  readonly values: Uint8Array;
}

/** Cuts the digit out of the ink and scales it to the largest size that fits the box of an image of `size`. */
function fitIntoBox(ink: Ink, box: Box, size: ImageSize): ScaledDigit {
  const from = { height: box.bottom - box.top, width: box.right - box.left };
  const limit = { height: boxSide(size.height), width: boxSide(size.width) };
  const scale = Math.min(limit.height / from.height, limit.width / from.width);
  const scaledSide = (side: 'height' | 'width') => Math.max(1, Math.min(limit[side], Math.round(from[side] * scale)));
  const to = { height: scaledSide('height'), width: scaledSide('width') };
  const strength = resample(sharpened(crop(ink, box), 1 / scale), from, to); // [to.height, to.width]
  // A stroke thinner than a pixel would become faint, so the strongest pixel is made full ink.
  const strongest = Math.min(
    1,
    strength.reduce((largest, value) => Math.max(largest, value), 0),
  );
  const values = Uint8Array.from(strength, (value) => Math.round(255 * Math.max(0, Math.min(1, value / strongest))));
  return { ...to, values };
}

/**
 * Ink strengths with steeper edges. MNIST's digits were black and white before they were scaled; a user's picture has
 * soft edges already, which scaling would soften further.
 *
 * @param strength ink strengths, of any shape
 * @param shrinkage how many times smaller the digit will become; the edges become as many times steeper, at most 2
 */
function sharpened(strength: Float32Array, shrinkage: number): Float32Array {
  const steepness = Math.min(MAX_STEEPNESS, Math.max(1, shrinkage));
  return strength.map((value) => Math.max(0, Math.min(1, 0.5 + steepness * (value - 0.5))));
}

/** Side of the digit's box in an image of this side, in pixels. */
function boxSide(side: number): number {
  return Math.max(1, Math.round(BOX_FRACTION * side));
}

/** @returns the ink strengths inside the box, [bottom − top, right − left] */
function crop({ strength, width }: Ink, { top, left, bottom, right }: Box): Float32Array {
  const across = right - left;
  const cropped = new Float32Array((bottom - top) * across); // [bottom − top, right − left]
  for (let row = top; row < bottom; row++) {
    cropped.set(strength.subarray(row * width + left, row * width + right), (row - top) * across);
  }
  return cropped;
}

/**
 * Places the digit in an image so that its centre of mass lies in the middle. The digit moves by whole pixels, as in
 * MNIST: the centre of mass of all 10,000 test images lies in the pixel of row 14 and column 14, counted from 0.
 *
 * @param values [height, width]
 * @returns [size.height, size.width]
 */
function centred(values: Uint8Array, { height, width }: ImageSize, size: ImageSize): Uint8Array {
  let [mass, rowMoment, columnMoment] = [0, 0, 0];
  for (const [index, value] of values.entries()) {
    mass += value;
    rowMoment += value * (Math.floor(index / width) + 0.5);
    columnMoment += value * ((index % width) + 0.5);
  }
  const offset = (whole: number, side: number, centre: number) =>
    Math.max(0, Math.min(whole - side, Math.floor(whole / 2) - Math.floor(centre)));
  const top = offset(size.height, height, rowMoment / mass);
  const left = offset(size.width, width, columnMoment / mass);
  const image = new Uint8Array(size.height * size.width); // [size.height, size.width]
  for (let row = 0; row < height; row++) {
    image.set(values.subarray(row * width, (row + 1) * width), (top + row) * size.width + left);
  }
  return image;
}
