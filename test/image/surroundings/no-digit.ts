/** Pictures in which there is no digit, or more than one: each kind is one entry. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { FONT_FAMILY } from '../../../src/image/draw.ts';
import { away, covered, type Layer } from './canvas.ts';
import { layDesk } from './desk.ts';
import type { Dice } from './dice.ts';
import { roomLight } from './light.ts';
import { margin, rule, square } from './lines.ts';
import { layerAround, strokes } from './pen.ts';
import { type Draw, either, photograph } from './photo.ts';
import { inPicture, type Sheet, sheetOf, write } from './sheet.ts';
import type { Point } from './skeleton.ts';

const { max, min, round } = Math;

/** Letters that look like no digit. */
const LETTERS = [...'AEHKMNRWXkmwx'];

export const WITHOUT_A_DIGIT = {
  'two figures': async (dice, digit, another) => {
    const sheet = sheetOf(dice);
    const { area } = sheet;
    const beside = area.width > 0.8 * area.height;
    const height = dice.within(beside ? [0.35, 0.75] : [0.6, 0.85]);
    for (const [index, { figure }] of [digit, await another()].entries()) {
      const shift = (index - 0.5) * 0.52; // of the area: the figures stand beside or below each other
      const half = beside
        ? { ...area, x: shift * area.width, width: 0.46 * area.width }
        : { ...area, y: shift * area.height, height: 0.46 * area.height };
      write({ ...sheet, area: half }, figure, { height: [height, height] });
    }
    return photograph(sheet);
  },
  letter: async (dice) => {
    const sheet = sheetOf(dice);
    const tall = dice.within([0.3, 0.7]) * sheet.area.height;
    sheet.canvas.paintLayer(sheet.ink, centred(sheet, await glyph(dice.of(LETTERS), tall, sheet.angle)));
    return photograph(sheet);
  },
  'ink blot': (dice) => {
    const sheet = sheetOf(dice);
    const radius = dice.within([0.08, 0.22]) * sheet.area.height;
    sheet.canvas.paintLayer(sheet.ink, blot(dice, somewhere(sheet, radius), radius));
    for (let drops = dice.whole([0, 3]); drops > 0; drops--) {
      const drop = radius * dice.within([0.04, 0.15]);
      sheet.canvas.paintLayer(sheet.ink, blot(dice, somewhere(sheet, drop), drop));
    }
    return photograph(sheet);
  },
  'ruled paper alone': (dice) =>
    photograph(either(rule, square, margin, (sheet) => margin(rule(sheet)))(sheetOf(dice))),
  scribble: (dice) => {
    const sheet = sheetOf(dice);
    sheet.canvas.paintLayer(sheet.ink, scribble(sheet));
    return photograph(sheet);
  },
  'desk alone': (dice) => {
    const sheet = sheetOf(dice);
    layDesk(sheet, () => Number.MAX_VALUE);
    return photograph(roomLight(sheet));
  },
} satisfies Record<string, Draw>;

/** A letter of about this height in pixels, turned. */
async function glyph(letter: string, tall: number, angle: number): Promise<Omit<Layer, 'left' | 'top'>> {
  const font = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  process.env.FONTCONFIG_FILE ??= join(font, 'fontconfig', '57-dejavu-sans.conf');
  const text = {
    text: letter,
    font: FONT_FAMILY,
    fontfile: join(font, 'ttf', 'DejaVuSans.ttf'),
    dpi: round(7 * tall),
  };
  const { data, info } = await sharp({ text })
    .rotate((angle * 180) / Math.PI, { background: 'black' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const cover = new Float32Array(width * height).map((_, at) => data[at * channels]! / 255);
  return { width, height, cover };
}

/** Places a layer somewhere on the sheet. */
function centred(sheet: Sheet, layer: Omit<Layer, 'left' | 'top'>): Layer {
  const { x, y } = somewhere(sheet, max(layer.width, layer.height) / 2);
  return { ...layer, left: round(x - layer.width / 2), top: round(y - layer.height / 2) };
}

/** A point of the sheet, at least this far from the edge of its area if it can be. */
function somewhere(sheet: Sheet, distance: number): Point {
  const { dice, area } = sheet;
  const [u, v] = [max(0, area.width / 2 - distance), max(0, area.height / 2 - distance)];
  return inPicture(sheet, area.x + dice.within([-u, u]), area.y + dice.within([-v, v]));
}

/** A filled round shape with an uneven edge. */
function blot(dice: Dice, at: Point, radius: number): Layer {
  const [coarse, fine, stretch] = [dice.texture(0.9), dice.texture(0.25), dice.within([0.6, 1])];
  return layerAround(at, 1.6 * radius, (x, y) => {
    const [cosine, sine] = [x, y / stretch].map((side) => side / (away(x, y / stretch) || 1));
    const edge = 1 + 0.35 * coarse(cosine! + 9, sine! + 9) + 0.1 * fine(cosine! + 9, sine! + 9);
    return covered(away(x, y / stretch) - radius * edge);
  });
}

/** A pen that goes to and fro without lifting. */
function scribble(sheet: Sheet): Layer {
  const { dice, area } = sheet;
  const size = dice.within([0.3, 0.6]) * min(area.width, area.height);
  const middle = somewhere(sheet, size / 2);
  const turns = Array.from({ length: dice.whole([14, 30]) }, () => ({
    x: middle.x + dice.within([-0.5, 0.5]) * size,
    y: middle.y + dice.within([-0.5, 0.5]) * size,
  }));
  return strokes([curveThrough(turns)], dice.within([0.01, 0.04]) * size + 1.5);
}

/** A smooth curve through points (Catmull and Rom, 1974). */
function curveThrough(points: readonly Point[]): Point[] {
  const steps = 24;
  return points.slice(1, -2).flatMap((_, i) =>
    Array.from({ length: steps }, (_, step) => {
      const t = step / steps;
      const along = (of: (point: Point) => number) => {
        const [a, b, c, d] = points.slice(i, i + 4).map(of) as [number, number, number, number];
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
      };
      return { x: along(({ x }) => x), y: along(({ y }) => y) };
    }),
  );
}
