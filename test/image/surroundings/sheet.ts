/** A sheet of paper in a picture, and the digit written on it. */
import { Canvas, type Colour } from './canvas.ts';
import type { Dice, Range } from './dice.ts';
import type { Figure } from './figure.ts';
import { natural, type Pose, written } from './pen.ts';

const DEGREE = Math.PI / 180;

const PAPERS: readonly Colour[] = [
  [252, 252, 250],
  [244, 243, 240],
  [235, 236, 238],
  [246, 240, 222], // cream
  [240, 232, 208],
  [214, 214, 212], // grey, recycled
  [226, 222, 214],
];

/** The canvas of a drawing program. */
export const SCREEN_PAPERS: readonly Colour[] = [
  [255, 255, 255],
  [250, 250, 250],
  [255, 252, 235],
];

const INKS: readonly Colour[] = [
  [18, 18, 22],
  [40, 40, 46],
  [24, 38, 130], // biro
  [38, 60, 160],
  [140, 22, 34],
  [20, 96, 54],
];

/** Part of a sheet, in pixels of the sheet's own directions, counted from the middle of the picture. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture of paper on which a digit can be written. */
export interface Sheet {
  readonly dice: Dice;
  readonly canvas: Canvas;
  readonly paper: Colour;
  readonly ink: Colour;
  /** How far the paper is turned, clockwise, in radians. */
  readonly angle: number;
  /** Where a digit may stand. */
  readonly area: Area;
}

/** What can be asked of a sheet. */
export interface SheetOptions {
  /** Length of each side, in pixels. */
  readonly side?: Range;
  /** Most rotation, in degrees. */
  readonly turn?: number;
  readonly papers?: readonly Colour[];
  readonly inks?: readonly Colour[];
}

/** A sheet that fills the picture. */
export function sheetOf(dice: Dice, options: SheetOptions = {}): Sheet {
  const { turn = 10, papers = PAPERS, inks = INKS } = options;
  const { width, height } = pictureSize(dice, options.side);
  const paper = dice.of(papers);
  const angle = dice.chance(0.3) ? 0 : dice.within([-turn, turn]) * DEGREE; // scans and screens are not turned
  const area = { x: 0, y: 0, width: 0.88 * width, height: 0.88 * height };
  return { dice, canvas: new Canvas(width, height, paper), paper, ink: dice.of(inks), angle, area };
}

/** Most pictures have sides of 600 to 1000 pixels; some are smaller or larger. */
function pictureSize(dice: Dice, side?: Range): { width: number; height: number } {
  const long = side
    ? dice.within(side)
    : dice.within(
        dice.of<Range>([
          [600, 1000],
          [600, 1000],
          [600, 1000],
          [300, 600],
          [1000, 1600],
        ]),
      );
  const aspect = dice.of([1, 4 / 3, 3 / 2, dice.within([1, 1.4])]);
  const [width, height] = dice.chance(0.5) ? [long, long / aspect] : [long / aspect, long];
  return { width: Math.round(width), height: Math.round(height) };
}

/** Tells the position of a point of the picture in the directions of a sheet, from the middle of the picture. */
export function onSheet({ canvas, angle }: Pick<Sheet, 'canvas' | 'angle'>) {
  const [x0, y0, sine, cosine] = [canvas.width / 2, canvas.height / 2, Math.sin(angle), Math.cos(angle)];
  return (x: number, y: number) => ({
    u: cosine * (x - x0) + sine * (y - y0),
    v: cosine * (y - y0) - sine * (x - x0),
  });
}

/** The reverse of `onSheet`. */
export function inPicture({ canvas, angle }: Pick<Sheet, 'canvas' | 'angle'>, u: number, v: number) {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  return { x: canvas.width / 2 + cosine * u - sine * v, y: canvas.height / 2 + sine * u + cosine * v };
}

/** How a digit is written. */
export interface Writing {
  /** Height of the digit as a fraction of the area's. */
  readonly height?: Range;
  /** Width of the pen in pixels; without it strokes of a natural width for the digit's size. */
  readonly pen?: number;
}

/** A place for a digit somewhere in the sheet's area, as high as the options say, or as wide as the area allows. */
export function placeFor(sheet: Sheet, { box }: Figure, { height = [0.25, 0.75] }: Writing = {}): Pose {
  const { dice, area, angle } = sheet;
  const [across, down] = [box.right - box.left, box.bottom - box.top];
  const scale = Math.min((dice.within(height) * area.height) / down, (0.85 * area.width) / across);
  const room = (side: number, taken: number) => Math.max(0, (side - taken) / 2);
  const reach = { u: room(area.width, 1.15 * across * scale), v: room(area.height, 1.15 * down * scale) };
  const lean = dice.within([-3, 3]) * DEGREE;
  const place = { u: area.x + dice.within([-reach.u, reach.u]), v: area.y + dice.within([-reach.v, reach.v]) };
  return { ...inPicture(sheet, place.u, place.v), angle: angle + lean, scale };
}

/** Writes a digit on a sheet. */
export function write(sheet: Sheet, figure: Figure, writing: Writing = {}): void {
  const { dice, canvas, ink } = sheet;
  const pose = placeFor(sheet, figure, writing);
  canvas.paintLayer(ink, writing.pen === undefined ? anyPen(dice, figure, pose) : written(figure, pose, writing.pen));
}

/** A third of the digits have MNIST's own strokes; the others come from pens of 3 to 14 % of the digit's height. */
function anyPen(dice: Dice, figure: Figure, pose: Pose) {
  const tall = (figure.box.bottom - figure.box.top) * pose.scale;
  if (dice.chance(1 / 3)) return natural(figure, pose);
  const width = Math.min(tall * dice.within([0.03, 0.14]), 0.7 * figure.widestPen * pose.scale);
  return written(figure, pose, Math.max(2, width));
}

/** Between two colours: the first at 0, the second at 1. */
export function mixed(from: Colour, to: Colour, fraction: number): Colour {
  return [
    from[0] + fraction * (to[0] - from[0]),
    from[1] + fraction * (to[1] - from[1]),
    from[2] + fraction * (to[2] - from[2]),
  ];
}
