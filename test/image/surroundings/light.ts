/** Light that falls unevenly on a picture. */
import { away } from './canvas.ts';
import { type Range, smoothStep } from './dice.ts';
import type { Sheet } from './sheet.ts';

const { abs, cos, exp, sin } = Math;

/** The hard or slightly blurred edge of a shadow across the picture, at any angle. */
export function shadowEdge(sheet: Sheet): Sheet {
  const { dice, canvas } = sheet;
  const angle = dice.within([0, 2 * Math.PI]);
  const [across, down] = [cos(angle), sin(angle)];
  const through = { x: dice.within([0.25, 0.75]) * canvas.width, y: dice.within([0.25, 0.75]) * canvas.height };
  const soft = dice.of([1, dice.within([2, 8]), dice.within([8, 30])]);
  const dark = dice.within([0.4, 0.72]);
  const bend = dice.of([0, dice.within([-0.0004, 0.0004])]);
  canvas.light((x, y) => {
    const [u, v] = [
      across * (x - through.x) + down * (y - through.y),
      across * (y - through.y) - down * (x - through.x),
    ];
    return 1 - (1 - dark) * smoothStep((u + bend * v * v) / soft + 0.5);
  });
  return sheet;
}

/**
 * Bright in one place and darker all around, as a flash, a lamp or a simple lens makes it. The brightest place need not
 * be the middle; with a low `power` the light falls off evenly, with a high one it is a spot with a rim.
 */
export function vignette(sheet: Sheet): Sheet {
  const { dice, canvas } = sheet;
  const [x0, y0] = [dice.within([0.3, 0.7]) * canvas.width, dice.within([0.3, 0.7]) * canvas.height];
  const radius = (away(canvas.width, canvas.height) / 2) * dice.within([0.45, 1]);
  const [least, power, brightest] = [dice.within([0.15, 0.55]), dice.within([1.6, 4]), dice.of([1, 1, 1.2])];
  canvas.light((x, y) => {
    const distance = away(x - x0, y - y0) / radius;
    return least + (brightest - least) * exp(-(distance ** power));
  });
  return sheet;
}

/** Light that falls off evenly from one side to the other. */
export function linearLight(sheet: Sheet, darkest: Range = [0.3, 0.6]): Sheet {
  const { dice, canvas } = sheet;
  const angle = dice.within([0, 2 * Math.PI]);
  const [across, down, dark] = [cos(angle), sin(angle), dice.within(darkest)];
  const reach = (abs(across) * canvas.width + abs(down) * canvas.height) / 2;
  canvas.light((x, y) => {
    const along = (across * (x - canvas.width / 2) + down * (y - canvas.height / 2)) / reach; // −1 to 1
    return 1 - ((1 - dark) * (along + 1)) / 2;
  });
  return sheet;
}

/** Light as in a room: nearly even. */
export function roomLight(sheet: Sheet): Sheet {
  return linearLight(sheet, [0.7, 1]);
}
