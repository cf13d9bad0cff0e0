/** Tests of converting colours and transparency to grey levels. */
import { describe, expect, test } from '@jest/globals';
import { greyOf } from '../../src/image/grey.ts';
import { barPicture } from '../support/pictures.ts';

const size = { height: 20, width: 20 };
const [CORNER, MIDDLE] = [0, 210];

describe('greyOf', () => {
  test('converts colours to their luma', () => {
    const pixels = Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255);
    expect([...greyOf(pixels, { height: 1, width: 4 }).pixels]).toEqual([54, 182, 18, 9]);
  });

  test.each([
    { ink: 'black', under: 'white', rest: 0, bar: 0, paper: 255 },
    { ink: 'white', under: 'black', rest: 255, bar: 255, paper: 0 },
  ])('lays $under paper under $ink ink on a transparent background', ({ rest, bar, paper }) => {
    const { pixels } = greyOf(barPicture(20, rest, bar, 0), size);
    expect([pixels[CORNER], pixels[MIDDLE]]).toEqual([paper, bar]);
  });

  test('continues the paper of a drawing under its transparent parts', () => {
    const drawing = barPicture(20, 240, 20);
    for (let index = 0; index < 60; index++) drawing[4 * index + 3] = 0; // three rows are transparent
    const { pixels } = greyOf(drawing, size);
    expect([pixels[CORNER], pixels[MIDDLE], pixels[399]]).toEqual([240, 20, 240]);
  });

  test('gives a wholly transparent picture one level', () => {
    expect(new Set(greyOf(new Uint8Array(1600), size).pixels).size).toBe(1);
  });
});
