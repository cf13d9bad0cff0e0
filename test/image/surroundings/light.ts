/** Light that falls unevenly on a picture. */
import { smoothStep } from './dice.ts';
import type { Sheet } from './sheet.ts';

/** The hard or slightly blurred edge of a shadow across the picture, at any angle. */
export function shadowEdge({ dice, canvas }: Sheet): void {
  const angle = dice.within([0, 2 * Math.PI]);
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
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
}

/**
 * Bright in one place and darker all around, as a flash, a lamp or a simple lens makes it. The brightest place need not
 * be the middle; with a low `power` the light falls off evenly, with a high one it is a spot with a rim.
 */
export function vignette({ dice, canvas }: Sheet): void {
  const [x0, y0] = [dice.within([0.3, 0.7]) * canvas.width, dice.within([0.3, 0.7]) * canvas.height];
  const radius = (Math.hypot(canvas.width, canvas.height) / 2) * dice.within([0.45, 1]);
  const [least, power, brightest] = [dice.within([0.15, 0.55]), dice.within([1.6, 4]), dice.of([1, 1, 1.2])];
  canvas.light((x, y) => {
    const distance = Math.hypot(x - x0, y - y0) / radius;
    return least + (brightest - least) * Math.exp(-(distance ** power));
  });
}

/** Light that falls off evenly from one side to the other. */
export function linearLight({ dice, canvas }: Sheet, darkest: readonly [number, number] = [0.3, 0.6]): void {
  const angle = dice.within([0, 2 * Math.PI]);
  const [across, down, dark] = [Math.cos(angle), Math.sin(angle), dice.within(darkest)];
  const reach = (Math.abs(across) * canvas.width + Math.abs(down) * canvas.height) / 2;
  canvas.light((x, y) => {
    const along = (across * (x - canvas.width / 2) + down * (y - canvas.height / 2)) / reach; // −1 to 1
    return 1 - ((1 - dark) * (along + 1)) / 2;
  });
}
