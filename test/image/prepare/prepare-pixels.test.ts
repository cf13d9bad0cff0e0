/** Tests of resizing arrays as Pillow does, of channels, and of filling the padding. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fillPadding } from '../../../src/image/prepare/fill-padding.ts';
import { resizeAsPillow } from '../../../src/image/prepare/pillow-resize.ts';
import { preparePixels } from '../../../src/image/prepare/prepare-pixels.ts';
import { expectedPixels, golden } from './golden.ts';

/** The pixels that make_golden.py resized. */
const arrayOf = (length: number) => Uint8Array.from({ length }, (_, at) => (at * at * 31 + at * 7) % 251);

test('arrays are resized to the very bytes of Pillow', () => {
  for (const { from, to, channels, ...expected } of golden.arrays) {
    const [height, width] = from;
    const image = { pixels: arrayOf(height * width * channels), height, width, channels };
    const { pixels } = resizeAsPillow(image, { height: to[0], width: to[1] });
    expect({ from, to, pixels: [...pixels] }).toEqual({ from, to, pixels: [...expectedPixels(expected)] });
  }
  expect(golden.arrays).toHaveLength(30);
});

test('a part of a resized image is what the whole has there', () => {
  const side = fc.integer({ min: 1, max: 24 });
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.array(fraction, { minLength: 4, maxLength: 4 }),
      (h, w, height, width, at) => {
        const image = { pixels: arrayOf(h * w * 3), height: h, width: w, channels: 3 };
        const [left, top] = [Math.floor(at[0]! * (width - 1)), Math.floor(at[1]! * (height - 1))];
        const part = {
          height: 1 + Math.floor(at[2]! * (height - top - 1)),
          width: 1 + Math.floor(at[3]! * (width - left - 1)),
        };
        const whole = resizeAsPillow(image, { height, width }).pixels;
        const rows = Array.from({ length: part.height }, (_, row) => {
          const begin = ((top + row) * width + left) * 3;
          return [...whole.subarray(begin, begin + part.width * 3)];
        });
        const { pixels } = resizeAsPillow(image, { height, width }, { left, top, ...part });
        expect([...pixels]).toEqual(rows.flat());
      },
    ),
  );
});

describe('preparePixels', () => {
  const to = { height: 1, width: 2, fit: 'stretch' } as const;

  test('repeats grey for three channels', () => {
    const prepared = preparePixels(Uint8Array.of(7, 200), { height: 1, width: 2, channels: 1 }, { ...to, channels: 3 });
    expect(prepared).toMatchObject({ pixels: Uint8Array.of(7, 7, 7, 200, 200, 200), hasColour: false });
  });

  test('takes an image out of an array of several, whose size and channels the array itself can give', () => {
    const array = { pixels: Uint8Array.of(1, 2, 3, 4), height: 1, width: 2, channels: 1 } as const;
    const second = preparePixels(array.pixels.subarray(2), array, { ...to, channels: 1 });
    expect(second.pixels).toEqual(Uint8Array.of(3, 4));
  });

  test("makes colours grey by Pillow's formula: red 76, green 150, blue 29", () => {
    const colours = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255);
    const source = { height: 1, width: 3, channels: 3 } as const;
    const prepared = preparePixels(colours, source, { ...to, width: 3, channels: 1 });
    expect(prepared).toMatchObject({ pixels: Uint8Array.of(76, 150, 29), hasColour: true });
  });
});

test('fillPadding changes all pixels around the picture and none of it', () => {
  const pixels = new Uint8Array(4 * 5 * 3).fill(9);
  fillPadding(pixels, { height: 4, width: 5, channels: 3 }, { left: 1, top: 2, width: 3, height: 1 }, [1, 2, 3]);
  const padding = [1, 2, 3];
  const [none, row] = [Array(5).fill(padding).flat(), [...padding, ...Array(9).fill(9), ...padding]];
  expect([...pixels]).toEqual([...none, ...none, ...row, ...none]);
});
