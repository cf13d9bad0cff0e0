/** Tests of images as text. */
import { describe, expect, test } from '@jest/globals';
import { type Picture, pictureLines } from '../../src/report/picture.ts';

/** An image made of rows of pixels. */
function pictureOf(...rows: readonly (readonly number[])[]): Picture {
  return { pixels: rows.flat(), height: rows.length, width: rows[0]?.length ?? 0 };
}

/** An image whose pixels all have this brightness. */
function plain(height: number, width: number, value = 255): Picture {
  return { pixels: new Uint8Array(height * width).fill(value), height, width };
}

describe('a picture without colours', () => {
  test('has ten shades, and two rows of pixels per line', () => {
    const { lines, width } = pictureLines(pictureOf([0, 255, 28, 0], [0, 255, 28, 255]), 80, false);
    expect(lines).toEqual([' @.+']); // 127.5 is nearer to the sixth shade than to the fifth
    expect(width).toBe(4);
  });

  test('has a last line for a last odd row of pixels', () => {
    expect(pictureLines(plain(3, 2), 80, false).lines).toEqual(['@@', '@@']);
  });

  test.each([
    { height: 28, width: 28, columns: 28, lines: 14 },
    { height: 8, width: 8, columns: 8, lines: 4 },
    { height: 48, width: 64, columns: 40, lines: 15 },
    { height: 64, width: 48, columns: 30, lines: 20 },
    { height: 400, width: 1, columns: 1, lines: 20 },
    { height: 1, width: 400, columns: 40, lines: 1 },
    { height: 1, width: 1, columns: 1, lines: 1 },
  ])(
    'has $columns columns and $lines lines if the image has $width × $height pixels',
    ({ height, width, columns, lines }) => {
      const shown = pictureLines(plain(height, width), 80, false);
      expect(shown).toEqual({ lines: Array.from({ length: lines }, () => '@'.repeat(columns)), width: columns });
    },
  );

  test('is no wider than the screen', () => {
    expect(pictureLines(plain(28, 28), 10, false)).toMatchObject({ width: 10, lines: { length: 5 } });
    expect(pictureLines(plain(28, 28), 1, false)).toEqual({ lines: ['@'], width: 1 });
  });

  test('has the mean of the covered pixels in each pixel if it is made smaller', () => {
    const stripes = { pixels: Array.from({ length: 80 * 80 }, (_, index) => 255 * (index % 2)), height: 80, width: 80 };
    expect(pictureLines(stripes, 80, false).lines[0]).toBe('+'.repeat(40));
    const halves = {
      pixels: Array.from({ length: 80 * 80 }, (_, index) => (index % 80 < 40 ? 0 : 255)),
      height: 80,
      width: 80,
    };
    expect(pictureLines(halves, 80, false).lines[0]).toBe(' '.repeat(20) + '@'.repeat(20));
  });
});

describe('a picture in colours', () => {
  test('has two pixels per character in greys of 256 colours, which are reset at the end of the line', () => {
    const { lines, width } = pictureLines(pictureOf([0, 255], [8, 238], [128, 4]), 80, true);
    expect(lines).toEqual([
      '\u001b[38;5;16;48;5;232m▀\u001b[38;5;231;48;5;255m▀\u001b[0m',
      '\u001b[38;5;244;48;5;244m▀\u001b[38;5;232;48;5;232m▀\u001b[0m',
    ]);
    expect(width).toBe(2);
  });

  test('shows every brightness as the nearest of xterm’s 26 greys', () => {
    const brightness = (colour: number) => (colour === 16 ? 0 : colour === 231 ? 255 : 8 + 10 * (colour - 232));
    const greys = [16, 231, ...Array.from({ length: 24 }, (_, step) => 232 + step)];
    for (let value = 0; value < 256; value++) {
      const [line = ''] = pictureLines(pictureOf([value]), 80, true).lines;
      const shown = Number(/38;5;(\d+)/.exec(line)?.[1]);
      const distances = greys.map((grey) => Math.abs(brightness(grey) - value));
      expect(greys).toContain(shown);
      expect(Math.abs(brightness(shown) - value)).toBe(Math.min(...distances));
    }
  });
});
