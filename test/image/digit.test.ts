/** Tests of making an image like MNIST's from a picture of a digit. */
import { describe, expect, test } from '@jest/globals';
import { imageIn } from '../../src/dataset/pixels.ts';
import { type Digit, digitOf } from '../../src/image/digit.ts';
import type { Image } from '../../src/image/image.ts';
import { DIGITS } from '../support/pictures.ts';

const SIZE = { height: 28, width: 28 };

/** The digit of a picture in which there is one. */
function found(picture: Image, size = SIZE): Digit {
  const digit = digitOf(picture, size);
  if ('problem' in digit) throw new Error(digit.problem);
  return digit;
}

/** A square picture of level `paper` with a rectangular bar of level `ink`. */
function bar(
  side: number,
  paper: number,
  ink: number,
  box: { top: number; left: number; height: number; width: number },
) {
  const pixels = new Uint8Array(side * side).fill(paper);
  for (let row = box.top; row < box.top + box.height; row++) {
    pixels.fill(ink, row * side + box.left, row * side + box.left + box.width);
  }
  return { pixels, height: side, width: side };
}

/** The rows and columns with ink, each as [first, count]. */
function inkedBox(image: Uint8Array, width: number) {
  const inked = [...image.entries()].filter(([, value]) => value > 0).map(([index]) => index);
  const span = (positions: number[]) => [Math.min(...positions), Math.max(...positions) - Math.min(...positions) + 1];
  return { rows: span(inked.map((at) => Math.floor(at / width))), columns: span(inked.map((at) => at % width)) };
}

describe('a digit of MNIST', () => {
  const indices = Array.from({ length: 200 }, (_, index) => 50 * index);
  const meanDifference = (change: (value: number) => number) => {
    const differences = indices.map((index) => {
      const image = imageIn(DIGITS, index);
      const digit = found({ ...image, pixels: image.pixels.map(change) }).pixels;
      return image.pixels.reduce((sum, value, at) => sum + Math.abs(value - digit[at]!), 0) / 784;
    });
    return differences.reduce((sum, value) => sum + value) / indices.length;
  };

  test.each([
    ['white on black', (value: number) => value],
    ['black on white', (value: number) => 255 - value],
    ['in low contrast on grey paper', (value: number) => 230 - value / 4],
  ])('a digit of MNIST, %s, gives the original image within 2 grey levels', (_, change) => {
    expect(meanDifference(change)).toBeLessThan(2);
  });
});

describe('a bar', () => {
  test.each([
    { paper: 255, ink: 0 },
    { paper: 0, ink: 255 },
    { paper: 238, ink: 200 },
  ])('a bar of ink $ink on paper $paper is scaled into the box and centred', ({ paper, ink }) => {
    const { pixels: image } = found(bar(300, paper, ink, { top: 10, left: 180, height: 200, width: 40 }));
    expect(inkedBox(image, 28)).toEqual({ rows: [4, 20], columns: [12, 4] });
    expect(new Set(image)).toEqual(new Set([0, 255]));
  });

  test('a bar is scaled into the box of an image of another size', () => {
    const { pixels: image } = found(bar(300, 255, 0, { top: 10, left: 50, height: 40, width: 200 }), {
      height: 14,
      width: 42,
    })!;
    expect(inkedBox(image, 42)).toEqual({ rows: [4, 6], columns: [6, 30] });
  });

  test('dust around a bar is ignored', () => {
    const dusty = bar(300, 255, 0, { top: 10, left: 180, height: 200, width: 40 });
    for (const at of [0, 299, 85_000, 89_999]) dusty.pixels[at] = 0;
    expect(inkedBox(found(dusty).pixels, 28)).toEqual({ rows: [4, 20], columns: [12, 4] });
  });

  test('a line one pixel wide becomes a stroke two pixels thick, of full ink', () => {
    const { pixels: image } = found(bar(400, 255, 0, { top: 50, left: 200, height: 300, width: 1 }));
    expect(inkedBox(image, 28)).toEqual({ rows: [4, 20], columns: [13, 2] });
    expect(Math.max(...image)).toBe(255);
  });
});

describe('a picture without a digit', () => {
  test.each([
    ['a single pixel', 1, () => 77],
    ['white paper', 50, () => 255],
    ['the ripples of JPEG', 50, (index: number) => 240 + (index % 4)],
    ['noise', 100, (index: number) => (index * 7919) % 251],
  ])('digitOf finds no digit in %s', (_, side, level) => {
    const pixels = Uint8Array.from({ length: side * side }, (_, index) => level(index));
    expect(digitOf({ pixels, height: side, width: side }, SIZE)).toEqual({
      problem: expect.stringContaining('is blank'),
    });
  });
});
