/** What the network saw, as lines for a terminal of 256 colours: the picture with the digit's box, then the image. */
import { colourLines, type Picture, shrink } from '../picture.ts';
import { boxOn, greyPicture, type Seen } from './seen.ts';

/** Most pixels of a side of the network's image, and of the picture's height: 14 lines. */
const MOST_PIXELS = 28;
/** Columns between the two. */
const GAP = 2;
/** The greys that stand for black and for white, so that the edge of either is seen on a black and a white terminal. */
const GREYS = { black: 38, white: 228 };
/** Fewest columns in which a picture can be recognised. */
const LEAST_COLUMNS = 14;
/** The colour of the box: of xterm's 256 the nearest to the vermillion of drawings (contrast to white 3.7, black 5.7). */
const BOX_COLOUR = 166;

/**
 * Draws a picture beside what the network saw of it.
 *
 * @param columns width of the terminal; one that is too narrow for both shows the network's image alone, and one that is
 *   too narrow for that shows nothing
 * @returns lines with their line feeds
 */
export function seenLines(seen: Seen, columns: number): string {
  const image = seen.image && shrink(greyPicture(seen.image), { height: MOST_PIXELS, width: MOST_PIXELS });
  if (image && columns < image.width) return '';
  const right = image ? colourLines(dimmed(image)) : [];
  const room = columns - (image ? image.width + GAP : 0);
  const left =
    room < LEAST_COLUMNS ? undefined : shrink(greyPicture(seen.picture), { height: MOST_PIXELS, width: room });
  const lines = left ? beside(colourLines(dimmed(left), marks(seen, left)), left.width, right) : right;
  return lines.map((line) => `${line}\n`).join('');
}

function dimmed({ pixels, ...size }: Picture): Picture {
  const range = GREYS.white - GREYS.black;
  return { ...size, pixels: Array.from(pixels, (value) => GREYS.black + (value / 255) * range) };
}

/** Two blocks of lines side by side; the lines of the left one are `width` wide. */
function beside(left: readonly string[], width: number, right: readonly string[]): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, line) => {
    const begin = left[line] ?? ' '.repeat(width);
    return right[line] === undefined ? begin : `${begin}${' '.repeat(GAP)}${right[line]}`;
  });
}

/** The colours of a box's border, which runs around the digit: [height, width]. */
function marks(seen: Seen, shown: Picture): (number | undefined)[] {
  const box = boxOn(seen, shown);
  if (box === undefined) return [];
  const before = (begin: number) => Math.max(0, Math.floor(begin) - 1);
  const after = (end: number, side: number) => Math.min(side - 1, Math.ceil(end));
  const [top, bottom] = [before(box.top), after(box.top + box.height, shown.height)];
  const [left, right] = [before(box.left), after(box.left + box.width, shown.width)];
  return Array.from({ length: shown.height * shown.width }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / shown.width), pixel % shown.width];
    const isInside = row >= top && row <= bottom && column >= left && column <= right;
    const isBorder = isInside && (row === top || row === bottom || column === left || column === right);
    return isBorder ? BOX_COLOUR : undefined;
  });
}
