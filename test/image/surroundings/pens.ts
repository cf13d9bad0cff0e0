/** Digits written with pens that are much thinner, thicker or paler than the usual one. */
import type { Dice } from './dice.ts';
import type { Figure } from './figure.ts';
import { written } from './pen.ts';
import { mixed, placeFor, type Sheet, sheetOf, write } from './sheet.ts';

/** Lines of 1 to 3 pixels on about 600 × 600. */
export function thinPen(dice: Dice, figure: Figure): Sheet {
  const sheet = sheetOf(dice, { side: [550, 700] });
  write(sheet, figure, { pen: dice.within([1, 3]) });
  return sheet;
}

/** Lines of 40 to 80 pixels, and a digit that is large enough for them. */
export function thickPen(dice: Dice, figure: Figure): Sheet {
  const pen = dice.within([40, 80]);
  const { box, widestPen } = figure;
  // At this scale the pen leaves the digit's loops open, and is at most a fifth of the digit's height.
  const least = Math.max((pen * dice.within([5, 6.5])) / (box.bottom - box.top), pen / (0.75 * widestPen));
  const tall = least * (box.bottom - box.top);
  const side = (tall + pen) / dice.within([0.55, 0.75]);
  const sheet = sheetOf(dice, { side: [side, side] });
  write(sheet, figure, { pen, height: [1, 1] });
  return sheet;
}

/** Pale grey strokes that the paper's grain interrupts, pressed harder here than there. */
export function pencil(dice: Dice, figure: Figure): Sheet {
  const bare = sheetOf(dice, {
    inks: [
      [70, 70, 74],
      [90, 90, 92],
      [60, 62, 70],
    ],
  });
  const pose = placeFor(bare, figure);
  const tall = (figure.box.bottom - figure.box.top) * pose.scale;
  const layer = written(figure, pose, Math.max(2.5, tall * dice.within([0.015, 0.05])));
  const [grain, pressure, strength] = [
    dice.texture(dice.within([1.2, 2])),
    dice.texture(tall / 4),
    dice.within([0.55, 0.95]),
  ];
  const cover = layer.cover.map((value, at) => {
    const [x, y] = [at % layer.width, Math.floor(at / layer.width)];
    return value * strength * (0.75 + 0.25 * pressure(x, y)) * Math.max(0.15, Math.min(1, 0.75 + 0.7 * grain(x, y)));
  });
  bare.canvas.paintLayer(mixed(bare.ink, bare.paper, dice.within([0, 0.3])), { ...layer, cover });
  return bare;
}
