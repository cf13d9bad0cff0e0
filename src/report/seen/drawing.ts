/** What the network saw, as a drawing: the picture with the digit's box, beside it the image, enlarged. */
import { cut } from '../cut.ts';
import { VERMILLION } from '../page/colours.ts';
import { type Html, html } from '../page/html.ts';
import { boxOn, type ColourPicture, type Seen } from './seen.ts';

/** Longest side of an enlarged picture, and of the enlarged image: 8 × 28. */
const MOST_PIXELS = { picture: 256, image: 224 };
/** Space around the drawing, between its parts, and above them for the texts; and the least width of the left part. */
const LAYOUT_PIXELS = { margin: 12, gap: 16, head: 28, leftMin: 200 };
/** Heights of the texts: of names and reasons, whose lines have 18 pixels, and of the answer. */
const TEXT_PIXELS = { small: 13, line: 18, answer: 20 };
/** Characters in a pixel of width: of small text DejaVu Sans takes 7.8 pixels for a letter, on the mean; and of answers. */
const CHARACTERS_PER_PIXEL = { small: 1 / 7.8, answer: 1 / 12 };
/** Colour of the thin edge around both parts, so that white paper ends somewhere on a white page. */
const EDGE = '#999999';
/** Width of the box's line, which a white one of the double width accompanies so that dark pictures show it too. */
const BOX_LINE_PIXELS = 2;

/** A picture whose pixels are bytes. */
interface Raster extends ColourPicture {
  readonly pixels: Uint8Array;
}

/** The parts of a drawing that are pixels, each to be encoded as a PNG. */
interface Rasters<T> {
  readonly picture: T;
  /** Undefined if the network saw nothing. */
  readonly image: T | undefined;
}

/** The picture, and the image that the network saw, enlarged by whole factors: a pixel stays a square. */
export function seenRasters({ picture, image }: Seen): Rasters<Raster> {
  return { picture: enlarged(picture, MOST_PIXELS.picture), image: image && enlarged(image, MOST_PIXELS.image) };
}

/** @param most longest side of the result; a larger picture stays as it is */
function enlarged({ pixels, height, width, channels = 1 }: ColourPicture, most: number): Raster {
  const factor = Math.max(1, Math.floor(most / Math.max(height, width)));
  const [rows, columns] = [height * factor, width * factor];
  const large = new Uint8Array(rows * columns * channels); // [rows, columns, channels]
  for (let index = 0; index < large.length; index++) {
    const [place, channel] = [Math.floor(index / channels), index % channels];
    const [row, column] = [Math.floor(place / columns / factor), Math.floor((place % columns) / factor)];
    large[index] = pixels[(row * width + column) * channels + channel]!;
  }
  return { pixels: large, height: rows, width: columns, channels };
}

/**
 * The drawing as SVG.
 *
 * @param rasters as `seenRasters` makes them
 * @param pngs the same, as PNG files
 * @param fontFamily font of all texts
 */
export function seenDrawing(seen: Seen, rasters: Rasters<Raster>, pngs: Rasters<Buffer>, fontFamily: string): string {
  const { margin, gap, head, leftMin } = LAYOUT_PIXELS;
  const { picture, image } = rasters;
  const leftWidth = Math.max(leftMin, picture.width);
  const right = margin + leftWidth + gap;
  const answer = seen.answer ?? 'no answer';
  const rightWidth = image ? Math.max(image.width, Math.ceil(answer.length / CHARACTERS_PER_PIXEL.small)) : 0;
  const answerSize = answer.length <= rightWidth * CHARACTERS_PER_PIXEL.answer ? 'answer' : 'small'; // a long name
  const [top, width] = [margin + head, margin + (image ? right + rightWidth : margin + leftWidth)];
  const bottom = top + Math.max(picture.height, image?.height ?? 0);
  const reason = wrap(readable(seen.problem ?? ''), width - 2 * margin);
  const height = bottom + margin + reason.length * TEXT_PIXELS.line;
  const texts = [
    text(
      cut(readable(seen.name), Math.floor(leftWidth * CHARACTERS_PER_PIXEL.small)),
      margin,
      top - 10,
      TEXT_PIXELS.small,
    ),
    ...(image ? [text(answer, right, top - 10, TEXT_PIXELS[answerSize])] : []),
    ...reason.map((line, index) => text(line, margin, bottom + (index + 1) * TEXT_PIXELS.line, TEXT_PIXELS.small)),
  ];
  const pixels = [raster(picture, pngs.picture, margin, top)];
  if (image && pngs.image) pixels.push(raster(image, pngs.image, right, top));
  const size = html`xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"`;
  return html`<svg ${size} font-family="${fontFamily}">${[...texts, ...pixels, ...boxLines(seen, picture, margin, top)]}</svg>`
    .markup;
}

/** The box around the digit, outside of its pixels; nothing if no digit was found. */
function boxLines(seen: Seen, shown: Raster, x: number, y: number): Html[] {
  const box = boxOn(seen, shown);
  if (box === undefined) return [];
  const out = BOX_LINE_PIXELS;
  const place = html`x="${x + box.left - out}" y="${y + box.top - out}" width="${box.width + 2 * out}" height="${box.height + 2 * out}"`;
  const line = (colour: string, width: number) =>
    html`<rect ${place} fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  return [line('white', 2 * BOX_LINE_PIXELS), line(VERMILLION, BOX_LINE_PIXELS)];
}

function raster({ height, width }: Raster, png: Buffer, x: number, y: number): Html {
  const source = `data:image/png;base64,${png.toString('base64')}`;
  return html`<rect x="${x - 1}" y="${y - 1}" width="${width + 2}" height="${height + 2}" fill="${EDGE}"/>
<image x="${x}" y="${y}" width="${width}" height="${height}" href="${source}"/>`;
}

function text(content: string, x: number, y: number, size: number): Html {
  return html`<text x="${x}" y="${y}" font-size="${size}">${content}</text>`;
}

/** A text without the characters that XML has no form for, or no font a glyph. */
function readable(name: string): string {
  return name.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/gu, '?');
}

/** Lines of small text that fit a width, broken at blanks where there are some. */
function wrap(long: string, width: number): string[] {
  const most = Math.floor(width * CHARACTERS_PER_PIXEL.small);
  const lines = long.match(new RegExp(`.{1,${most}}(?: |$)|.{${most}}`, 'gu')) ?? [];
  return lines.map((line) => line.trimEnd());
}
