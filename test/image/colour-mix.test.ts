/** Tests of the mix of colours in which ink stands out from its paper. */
import { describe, expect, test } from '@jest/globals';
import { clearestMix, LUMA } from '../../src/image/colour-mix.ts';
import { greyOf } from '../../src/image/grey.ts';
import { RandomGenerator } from '../../src/random.ts';

const SIDE = 100;
const size = { height: SIDE, width: SIDE };
type Colour = readonly [red: number, green: number, blue: number];

/** [100, 100, 4] of paper with a bar of ink down its middle, under light that falls off to the right, with noise. */
function drawing(ink: Colour, paper: Colour, lightLoss = 0.2, noise = 4): Uint8Array {
  const random = RandomGenerator.seeded(1, 'augmentation');
  const pixels = new Uint8Array(4 * SIDE * SIDE).fill(255);
  for (let index = 0; index < SIDE * SIDE; index++) {
    const [row, column] = [Math.floor(index / SIDE), index % SIDE];
    const colour = row >= 20 && row < 80 && column >= 46 && column < 54 ? ink : paper;
    const light = 1 - (lightLoss * column) / SIDE;
    for (const [at, value] of colour.entries()) {
      pixels[4 * index + at] = Math.max(0, Math.min(255, light * value + noise * (2 * random.uniform() - 1)));
    }
  }
  return pixels;
}

/** The contrast between the bar's middle and the paper beside it, in levels. */
function contrastOf(pixels: Uint8Array): number {
  const { pixels: grey } = greyOf(pixels, size);
  const mean = (column: number) => [30, 40, 50, 60, 70].reduce((sum, row) => sum + grey[row * SIDE + column]! / 5, 0);
  return Math.abs(mean(50) - mean(40));
}

describe('ink that is as light as its paper', () => {
  test.each<[string, Colour, Colour]>([
    ['red on blue', [210, 60, 60], [60, 92, 220]],
    ['green on pink', [90, 200, 90], [240, 150, 190]],
    ['yellow on white', [255, 240, 40], [250, 250, 250]],
    ['blue on black', [30, 20, 140], [10, 10, 10]],
  ])('stands out: %s', (_, ink, paper) => {
    expect(contrastOf(drawing(ink, paper))).toBeGreaterThan(45);
  });
});

describe('luma is kept', () => {
  test.each<[string, Uint8Array]>([
    ['for black ink on white', drawing([20, 20, 20], [250, 250, 250])],
    ['for red ink on white', drawing([200, 30, 40], [250, 250, 250])],
    ['for faint pencil on yellow paper', drawing([225, 215, 160], [250, 240, 190])],
    ['for paper alone', drawing([250, 250, 250], [250, 250, 250])],
    ['for one colour', drawing([9, 99, 199], [9, 99, 199], 0, 0)],
    ['for a picture of one pixel', Uint8Array.of(9, 99, 199, 255)],
  ])('%s', (_, pixels) => {
    expect(clearestMix(pixels, pixels.length === 4 ? { height: 1, width: 1 } : size)).toBe(LUMA);
  });

  test('for every faint picture in grey, whose levels stay as they are', () => {
    const faint = drawing([200, 200, 200], [220, 220, 220], 0.2, 0);
    const levels = faint.filter((_, index) => index % 4 === 0);
    expect(greyOf(faint, size).pixels).toEqual(levels);
  });

  test('where pixels are transparent, whose colours mean nothing', () => {
    const pixels = drawing([210, 60, 60], [60, 92, 220]);
    pixels[3] = 0;
    expect(contrastOf(pixels)).toBeLessThan(10);
  });
});
