/** Tests of what the network saw, as lines for a terminal. */

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { seenLines } from '../../../src/report/seen/lines.ts';
import type { Seen } from '../../../src/report/seen/seen.ts';

/** A picture of one grey, that had twice this size before it was reduced. */
function plain(height: number, width: number, value: number): Seen['picture'] {
  const original = { height: 2 * height, width: 2 * width };
  return { pixels: new Uint8Array(height * width).fill(value), height, width, original };
}

function seenWith(picture: Seen['picture'], more: Partial<Seen> = {}): Seen {
  const image = { pixels: new Uint8Array(28 * 28), height: 28, width: 28 };
  return { name: 'a.png', picture, box: undefined, image, answer: '7 (99.31 %)', problem: undefined, ...more };
}

const widths = (text: string) => text.split('\n').map((line) => [...stripVTControlCharacters(line)].length);

/** The colours of a text's pixels, row by row; a blank has the colour 0. */
function colours(text: string): number[][] {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const cells = [...line.matchAll(/38;5;(\d+);48;5;(\d+)m▀| /g)];
      return [cells.map((cell) => Number(cell[1] ?? 0)), cells.map((cell) => Number(cell[2] ?? 0))];
    });
}

test('the box is a line of one pixel around the digit, in a colour, on a picture in greys', () => {
  const picture = plain(6, 14, 255);
  const text = seenLines(seenWith(picture, { box: { left: 8, top: 4, width: 4, height: 4 }, image: undefined }), 80);
  const drawn = colours(text).map((row) => row.map((colour) => (colour === 166 ? '#' : '.')).join(''));
  expect(drawn).toEqual([
    '..............',
    '...####.......',
    '...#..#.......',
    '...#..#.......',
    '...####.......',
    '..............',
  ]);
  expect(new Set(colours(text).flat())).toEqual(new Set([166, 254]));
});

test('a digit that touches the edge of the picture has its box on the edge', () => {
  const picture = plain(4, 14, 0);
  const text = seenLines(seenWith(picture, { box: { left: 0, top: 0, width: 28, height: 8 }, image: undefined }), 80);
  const rows = colours(text).map((row) => row.filter((colour) => colour === 166).length);
  expect(rows).toEqual([14, 2, 2, 14]);
});

test('black and white are greys that are seen on a black and on a white terminal', () => {
  const shown = seenLines(seenWith(plain(28, 28, 255)), 80);
  expect(new Set(colours(shown).flat())).toEqual(new Set([254, 0, 235]));
});

describe('a terminal', () => {
  test('of 80 columns shows a photograph and the image of 28 × 28 pixels in 14 lines', () => {
    expect(widths(seenLines(seenWith(plain(192, 256, 200)), 80))).toEqual([...new Array(14).fill(37 + 2 + 28), 0]);
    expect(widths(seenLines(seenWith(plain(144, 256, 200)), 80))).toEqual([...new Array(14).fill(50 + 2 + 28), 0]);
  });

  test('has the image at its place beside a picture of fewer lines', () => {
    const lines = widths(seenLines(seenWith(plain(20, 200, 200)), 80));
    expect(lines).toEqual([...new Array(14).fill(50 + 2 + 28), 0]);
  });

  test.each([
    [60, 30 + 2 + 28],
    [44, 14 + 2 + 28],
    [43, 28],
    [28, 28],
  ])('of %i columns has lines of %i', (columns, expected) => {
    const [first, ...rest] = widths(seenLines(seenWith(plain(192, 256, 200)), columns));
    expect(first).toBe(expected);
    expect(rest.at(-1)).toBe(0);
  });

  test('of 27 columns shows nothing', () => expect(seenLines(seenWith(plain(192, 256, 200)), 27)).toBe(''));

  test('shows a picture without a digit alone, as wide as there is room', () => {
    const refused = { image: undefined, answer: undefined, problem: 'is blank' };
    expect(widths(seenLines(seenWith(plain(10, 256, 255), refused), 80))).toEqual([80, 80, 0]);
    expect(seenLines(seenWith(plain(10, 256, 255), refused), 13)).toBe('');
  });

  test('shows a small picture in its own size, and a large image in 28 × 28 pixels', () => {
    const image = { pixels: new Uint8Array(64 * 64), height: 64, width: 64 };
    expect(widths(seenLines(seenWith(plain(12, 14, 255), { image }), 80))[0]).toBe(14 + 2 + 28);
  });
});
