import { describe, expect, test } from '@jest/globals';
import { greyOf } from '../../src/image/grey.ts';
import { barPicture } from '../support/pictures.ts';

const size = { height: 20, width: 20 };
const [CORNER, MIDDLE] = [0, 210];

describe('a picture becomes grey', () => {
  test('by luma', () => {
    const pixels = Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255);
    expect([...greyOf(pixels, { height: 1, width: 4 }).pixels]).toEqual([54, 182, 18, 9]);
  });

  test.each([
    { what: 'black ink alone, on white', rest: 0, bar: 0, paper: 255 },
    { what: 'white ink alone, on black', rest: 255, bar: 255, paper: 0 },
  ])('$what', ({ rest, bar, paper }) => {
    const { pixels } = greyOf(barPicture(20, rest, bar, 0), size);
    expect([pixels[CORNER], pixels[MIDDLE]]).toEqual([paper, bar]);
  });

  test('a drawing with paper of its own, on that paper', () => {
    const drawing = barPicture(20, 240, 20);
    for (let index = 0; index < 60; index++) drawing[4 * index + 3] = 0; // three rows are cut out
    const { pixels } = greyOf(drawing, size);
    expect([pixels[CORNER], pixels[MIDDLE], pixels[399]]).toEqual([240, 20, 240]);
  });

  test('with nothing in it, of one level', () => {
    expect(new Set(greyOf(new Uint8Array(1600), size).pixels).size).toBe(1);
  });
});
