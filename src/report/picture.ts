/** Grey images as text: one character for two pixels, one above the other. */

/** A grey image. */
export interface Picture {
  /** Pixels [height, width] row by row, from 0 (black) to 255 (white). */
  readonly pixels: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/** Characters from black to white, in ASCII for terminals without colours. */
const SHADES = ' .:-=+*#%@';

/** Pixels of a picture's longer side at most: 40 columns, or 20 lines. */
const MAX_SIDE_PIXELS = 40;

/**
 * The lines of an image, which is made smaller if it is larger than 40 × 40 pixels or wider than `width`.
 *
 * @param width characters of a line at most
 * @param colours whether to draw each pixel as half a character in one of 256 colours; else two pixels share one of ten
 *   ASCII shades
 * @returns the lines, and their width in characters without escapes
 */
export function pictureLines(picture: Picture, width: number, colours: boolean): { lines: string[]; width: number } {
  const most = Math.max(1, Math.min(MAX_SIDE_PIXELS, width));
  const small = shrink(picture, { height: most, width: most });
  const lines = colours ? colourLines(small) : pairedLines(small, (upper, lower) => shade((upper + lower) / 2));
  return { lines, width: small.width };
}

/**
 * The lines of an image in 256 colours, each pixel half a character.
 *
 * @param marks [height, width], for each pixel one of 256 colours, or undefined for its grey; default: all greys
 */
export function colourLines(picture: Picture, marks: readonly (number | undefined)[] = []): string[] {
  const colours = Array.from(picture.pixels, (value, pixel) => marks[pixel] ?? grey(value));
  const lines = pairedLines({ ...picture, pixels: colours }, (upper, lower) => `\u001b[38;5;${upper};48;5;${lower}m▀`);
  return lines.map((line) => `${line}\u001b[0m`);
}

/** Lines of one character for two values, one above the other. */
function pairedLines({ pixels, height, width }: Picture, cell: (upper: number, lower: number) => string): string[] {
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) => {
    const cells = Array.from({ length: width }, (_, column) => {
      const upper = pixels[2 * line * width + column] ?? 0;
      return cell(upper, pixels[(2 * line + 1) * width + column] ?? upper); // an odd last row fills its line
    });
    return cells.join('');
  });
}

/** Shrinks a picture until it fits, its aspect kept; each new pixel is the mean of the pixels that it covers. */
export function shrink(picture: Picture, most: { readonly height: number; readonly width: number }): Picture {
  const scale = Math.min(1, most.height / picture.height, most.width / picture.width);
  const [height, width] = [picture.height, picture.width].map((side) => Math.max(1, Math.round(side * scale)));
  const rows = spans(picture.height, height!);
  const columns = spans(picture.width, width!);
  const pixels = rows.flatMap((row) => columns.map((column) => meanOf(picture, row, column)));
  return { pixels, height: height!, width: width! };
}

/** Pixels from `begin` up to, but without, `end`. */
type Span = readonly [begin: number, end: number];

/** Divides `size` pixels into `parts` spans of at least one pixel. */
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

/** The nearest of xterm's 26 greys: 16 is black (0), 231 white (255), and 232 to 255 are 8, 18 … 238. */
function grey(value: number): number {
  if (value < (0 + 8) / 2) return 16;
  if (value > (238 + 255) / 2) return 231;
  return 232 + Math.min(23, Math.max(0, Math.round((value - 8) / 10)));
}
