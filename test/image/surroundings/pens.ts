/** Digits written with pens that are much thinner, thicker or paler than the usual one. */
import type { Colour } from './canvas.ts';
import { written } from './pen.ts';
import { type Draw, photograph } from './photo.ts';
import { mixed, placeFor, sheetOf, write } from './sheet.ts';

const { floor, max, min } = Math;

const BOARDS: readonly Colour[] = [
  [38, 42, 44],
  [34, 62, 50],
  [24, 24, 26],
];
const CHALKS: readonly Colour[] = [
  [238, 238, 232],
  [240, 232, 160],
  [225, 190, 200],
];

/** Lines of 1 to 3 pixels on about 600 × 600. */
export const thinPen: Draw = (dice, { figure }) => {
  const sheet = sheetOf(dice, { side: [550, 700] });
  write(sheet, figure, { pen: dice.within([1, 3]) });
  return photograph(sheet);
};

/** Lines of 40 to 80 pixels, and a digit that is large enough for them. */
export const thickPen: Draw = (dice, { figure }) => {
  const pen = dice.within([40, 80]);
  const { box, widestPen } = figure;
  // At this scale the pen leaves the digit's loops open, and is at most a fifth of the digit's height.
  const least = max((pen * dice.within([5, 6.5])) / (box.bottom - box.top), pen / (0.75 * widestPen));
  const tall = least * (box.bottom - box.top);
  const side = (tall + pen) / dice.within([0.55, 0.75]);
  const sheet = sheetOf(dice, { side: [side, side] });
  write(sheet, figure, { pen, height: [1, 1] });
  return photograph(sheet);
};

/** Chalk on a board that was wiped: light strokes with grain on a dark, cloudy ground. */
export const blackboard: Draw = (dice, { figure }) => {
  const sheet = sheetOf(dice, { papers: BOARDS, inks: CHALKS });
  const [cloud, strength] = [dice.texture(dice.within([40, 140])), dice.within([0.03, 0.12])];
  sheet.canvas.paint([255, 255, 255], (x, y) => strength * (0.5 + 0.5 * cloud(x, y)));
  const pose = placeFor(sheet, figure);
  const tall = (figure.box.bottom - figure.box.top) * pose.scale;
  const layer = written(figure, pose, max(4, tall * dice.within([0.04, 0.1])));
  const grain = dice.texture(dice.within([1.5, 3]));
  const cover = layer.cover.map((value, at) => {
    return value * max(0.3, min(1, 0.85 + 0.5 * grain(at % layer.width, floor(at / layer.width))));
  });
  sheet.canvas.paintLayer(sheet.ink, { ...layer, cover });
  return photograph(sheet);
};

/** Pale grey strokes that the paper's grain interrupts, pressed harder here than there. */
export const pencil: Draw = (dice, { figure }) => {
  const bare = sheetOf(dice, {
    inks: [
      [70, 70, 74],
      [90, 90, 92],
      [60, 62, 70],
    ],
  });
  const pose = placeFor(bare, figure);
  const tall = (figure.box.bottom - figure.box.top) * pose.scale;
  const layer = written(figure, pose, max(2.5, tall * dice.within([0.015, 0.05])));
  const [grain, pressure, strength] = [
    dice.texture(dice.within([1.2, 2])),
    dice.texture(tall / 4),
    dice.within([0.55, 0.95]),
  ];
  const cover = layer.cover.map((value, at) => {
    const [x, y] = [at % layer.width, floor(at / layer.width)];
    return value * strength * (0.75 + 0.25 * pressure(x, y)) * max(0.15, min(1, 0.75 + 0.7 * grain(x, y)));
  });
  bare.canvas.paintLayer(mixed(bare.ink, bare.paper, dice.within([0, 0.3])), { ...layer, cover });
  return photograph(bare);
};
