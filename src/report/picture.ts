/** A grey image as text: two pixels, one above the other, to a character. */

export interface Picture {
  /** [height, width], 0 (black) to 255, row by row */
  readonly pixels: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/** From black to white; no escapes, and no characters beyond ASCII. */
const SHADES = ' .:-=+*#%@';

/** The longer side of a picture, in pixels: at most so many columns, and half as many lines. */
const MOST_PIXELS = 40;

/**
 * The image, made smaller where it is larger than 40 × 40 pixels or wider than `width`: lines as wide as the picture is.
 *
 * @param width in characters
 * @param colours whether each pixel is half a character, in a grey of the 256 colours; else two are one of ten shades
 */
export function pictureLines(picture: Picture, width: number, colours: boolean): { lines: string[]; width: number } {
  const small = shrink(picture, Math.max(1, Math.min(MOST_PIXELS, width)));
  const lines = Array.from({ length: Math.ceil(small.height / 2) }, (_, line) => {
    const cells = Array.from({ length: small.width }, (_, column) => {
      const upper = small.pixels[2 * line * small.width + column] ?? 0;
      const lower = small.pixels[(2 * line + 1) * small.width + column] ?? upper; // an odd last row fills its line
      return colours ? halfBlocks(upper, lower) : shade((upper + lower) / 2);
    });
    return cells.join('') + (colours ? '\u001b[0m' : '');
  });
  return { lines, width: small.width };
}

/** Each pixel is the mean of those that it covers. */
function shrink(picture: Picture, most: number): Picture {
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const [height, width] = [picture.height, picture.width].map((side) => Math.max(1, Math.round(side * scale)));
  const rows = spans(picture.height, height!);
  const columns = spans(picture.width, width!);
  const pixels = rows.flatMap((row) => columns.map((column) => meanOf(picture, row, column)));
  return { pixels, height: height!, width: width! };
}

type Span = readonly [begin: number, end: number];

/** Which of `size` pixels each of `parts` covers, at least one. */
function spans(size: number, parts: number): Span[] {
  const border = (part: number) => Math.round((part * size) / parts);
  return Array.from({ length: parts }, (_, part) => [border(part), border(part + 1)]);
}

function meanOf({ pixels, width }: Picture, [top, bottom]: Span, [left, right]: Span): number {
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) sum += pixels[row * width + column]!;
  }
  return sum / ((bottom - top) * (right - left));
}

function shade(value: number): string {
  return SHADES[Math.round((value / 255) * (SHADES.length - 1))]!;
}

function halfBlocks(upper: number, lower: number): string {
  return `\u001b[38;5;${grey(upper)};48;5;${grey(lower)}m▀`;
}

/** The nearest of xterm's 26 greys: 16 is black (0), 231 white (255), and 232 to 255 are 8, 18 … 238. */
function grey(value: number): number {
  if (value < (0 + 8) / 2) return 16;
  if (value > (238 + 255) / 2) return 231;
  return 232 + Math.min(23, Math.max(0, Math.round((value - 8) / 10)));
}
