/** A terminal's screen as a PNG file: text, and half blocks in 256 colours. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { svgToPng } from '../src/image/draw.ts';
import { type Html, html } from '../src/report/page/html.ts';

/** Size of a character's cell, the height of letters as wide as it, and the space around the screen. */
const PIXELS = { width: 8, height: 16, font: 13.29, margin: 8 };
const COLOURS = { ground: '#000000', text: '#d0d0d0' };
const FONT = 'DejaVu Sans Mono';

/** What stands in a cell: a letter, or the colours of two pixels. */
type Cell = string | readonly [upper: string, lower: string];

/** @param printed lines as a program prints them, in which only half blocks have colours */
export async function terminalToPng(printed: string): Promise<Buffer> {
  const rows = printed.trimEnd().split('\n').map(cellsOf);
  const longest = rows.reduce((most, { length }) => Math.max(most, length), 0);
  const [width, height] = [PIXELS.width * longest, PIXELS.height * rows.length].map((side) => side + 2 * PIXELS.margin);
  const cells = rows.flatMap((row, line) =>
    row.flatMap((cell, column) =>
      drawn(cell, PIXELS.margin + column * PIXELS.width, PIXELS.margin + line * PIXELS.height),
    ),
  );
  const size = html`xmlns="http://www.w3.org/2000/svg" width="${width!}" height="${height!}"`;
  const letters = html`font-family="${FONT}" font-size="${PIXELS.font}"`;
  const ground = rectangle(0, 0, width!, height!, COLOURS.ground);
  await registerFont();
  return svgToPng(html`<svg ${size} ${letters}>${[ground, ...cells]}</svg>`.markup, { scale: 1 });
}

function cellsOf(line: string): Cell[] {
  const [plain = '', ...escaped] = line.split('\u001b');
  return [
    ...plain,
    ...escaped.flatMap((piece): Cell[] => {
      const [, upper, lower, rest = ''] = /^\[(?:38;5;(\d+);48;5;(\d+)m▀|0m)(.*)$/.exec(piece) ?? [];
      return [...(upper && lower ? [[colour(+upper), colour(+lower)] as const] : []), ...rest];
    }),
  ];
}

/** One of xterm's 256 colours from the 16th on: a cube of 6 × 6 × 6 colours, then 24 greys. */
function colour(index: number): string {
  const level = (step: number) => (step === 0 ? 0 : 55 + 40 * step);
  const place = index - 16;
  const steps = [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6];
  return `rgb(${index < 232 ? steps.map(level) : Array(3).fill(8 + 10 * (index - 232))})`;
}

function drawn(cell: Cell, x: number, y: number): Html[] {
  if (cell === ' ') return [];
  if (typeof cell === 'string') {
    return [html`<text x="${x}" y="${y + PIXELS.font - 1}" fill="${COLOURS.text}">${cell}</text>`];
  }
  const half = PIXELS.height / 2;
  return cell.map((fill, index) => rectangle(x, y + index * half, PIXELS.width, half, fill));
}

function rectangle(x: number, y: number, width: number, height: number, fill: string): Html {
  return html`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;
}

/** Makes the font known to libvips, which registers a file only when it renders a text of its own. */
async function registerFont(): Promise<void> {
  await svgToPng('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'); // sets up fontconfig
  const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  const fontfile = join(fonts, 'ttf', 'DejaVuSansMono.ttf');
  await sharp({ text: { text: 'x', font: FONT, fontfile } })
    .raw()
    .toBuffer();
}
