/** Lines that paper has before anyone writes on it. */
import { type Colour, covered } from './canvas.ts';
import type { Range } from './dice.ts';
import { mixed, onSheet, type Sheet } from './sheet.ts';

const LINE_COLOURS: readonly Colour[] = [
  [30, 60, 150],
  [60, 90, 130],
  [70, 70, 70],
  [30, 30, 40],
];

/** A line's colour: pale in some pictures, with up to 80 % of the contrast of dark ink in others: printed lines are darker than people remember them. */
function lineColour({ dice, paper }: Sheet): Colour {
  return mixed(paper, dice.of(LINE_COLOURS), dice.within(dice.chance(0.35) ? [0.12, 0.35] : [0.4, 0.8]));
}

/** 1 to 4 pixels, more in a picture of more than 800. */
function lineWidth({ dice, canvas }: Sheet): number {
  return dice.within([1, 4]) * Math.max(1, Math.max(canvas.width, canvas.height) / 800);
}

/** Distance to the nearest of the lines at whole multiples of a pitch. */
function toNearest(position: number, pitch: number): number {
  return Math.abs(position - pitch * Math.round(position / pitch));
}

/** Ruled paper; the pitch in pixels of a picture of 800. */
export function rule(sheet: Sheet, pitches: Range = [24, 90]): Sheet {
  const { dice, canvas } = sheet;
  const pitch = (dice.within(pitches) * Math.max(canvas.width, canvas.height)) / 800;
  const [colour, width, start] = [lineColour(sheet), lineWidth(sheet), dice.within([0, pitch])];
  canvas.paint(colour, (x, y) => covered(toNearest(onSheet(sheet, x, y).v - start, pitch) - width / 2));
  return sheet;
}

/** Squared paper with a pitch of 15 to 60 pixels. */
export function square(sheet: Sheet): Sheet {
  const { dice, canvas } = sheet;
  const pitch = dice.within([15, 60]);
  const [colour, width] = [lineColour(sheet), Math.min(lineWidth(sheet), pitch / 10)];
  const [left, top] = [dice.within([0, pitch]), dice.within([0, pitch])];
  canvas.paint(colour, (x, y) => {
    const { u, v } = onSheet(sheet, x, y);
    return covered(Math.min(toNearest(u - left, pitch), toNearest(v - top, pitch)) - width / 2);
  });
  return sheet;
}

/** A red line down the sheet at one side. */
export function margin(sheet: Sheet): Sheet {
  const { dice, canvas, area } = sheet;
  const side = dice.of([-1, 1, -1]);
  const at = side * dice.within([0.26, 0.4]) * canvas.width;
  const width = dice.within([1, Math.max(2, canvas.width / 200)]);
  const colour = mixed(
    sheet.paper,
    dice.of<Colour>([
      [200, 40, 50],
      [220, 90, 100],
      [170, 30, 60],
    ]),
    dice.within([0.5, 1]),
  );
  canvas.paint(colour, (x, y) => covered(Math.abs(onSheet(sheet, x, y).u - at) - width / 2));
  // What is left beside the line: a turned line takes more room at the upper and lower end of the sheet.
  const gap = 0.03 * canvas.width;
  const left = side < 0 ? at + gap : -area.width / 2;
  const right = side < 0 ? area.width / 2 : at - gap;
  return { ...sheet, area: { ...area, x: (left + right) / 2, width: right - left } };
}

/** A line along the picture's own edge, as a canvas on a page or a scanner leaves it. */
export function edgeFrame(sheet: Sheet): Sheet {
  const { dice, canvas, paper, ink } = sheet;
  const [gap, width] = [dice.of([0, 0, dice.within([1, 8])]), dice.within([1, 12])];
  const colour = mixed(paper, dice.chance(0.5) ? ink : [60, 60, 70], dice.within([0.4, 1]));
  canvas.paint(colour, (x, y) => {
    const inside = Math.min(x, y, canvas.width - x, canvas.height - y);
    return covered(Math.abs(inside - gap - width / 2) - width / 2);
  });
  return sheet;
}

/** A rectangle drawn on the sheet; the digit goes inside. */
export function innerFrame(sheet: Sheet): Sheet {
  const { dice, canvas, paper, ink } = sheet;
  const shrunk = Math.cos(sheet.angle) - 0.6 * Math.abs(Math.sin(sheet.angle)); // so that its corners stay inside
  const inset = () => dice.within([0.72, 0.94]) * shrunk;
  const [width, height] = [inset() * canvas.width, inset() * canvas.height];
  const [line, round] = [dice.within([1, 7]), dice.of([0, 0, 0.05 * width])];
  const colour = mixed(paper, dice.chance(0.6) ? ink : dice.of(LINE_COLOURS), dice.within([0.35, 1]));
  canvas.paint(colour, (x, y) => {
    const { u, v } = onSheet(sheet, x, y);
    const [across, down] = [Math.abs(u) - width / 2 + round, Math.abs(v) - height / 2 + round];
    const outside = Math.hypot(Math.max(0, across), Math.max(0, down)) + Math.min(0, Math.max(across, down)) - round;
    return covered(Math.abs(outside) - line / 2);
  });
  return { ...sheet, area: { x: 0, y: 0, width: 0.88 * width, height: 0.88 * height } };
}

/** A dark bar at the top, as a note app has, with pale marks that look like words and signs. */
export function titleBar(sheet: Sheet): Sheet {
  const { dice, canvas } = sheet;
  const high = dice.within([0.06, 0.14]) * canvas.height;
  const colour = dice.of<Colour>([
    [32, 33, 36],
    [12, 12, 14],
    [38, 70, 140],
    [90, 40, 110],
    [20, 90, 80],
    [66, 66, 70],
  ]);
  const pale = mixed(colour, [255, 255, 255], dice.within([0.6, 1]));
  canvas.paint(colour, (_, y) => covered(y - high));
  const middle = high * dice.within([0.45, 0.6]);
  for (let x = 0.04 * canvas.width; x < 0.95 * canvas.width; ) {
    const [width, tall] = dice.chance(0.3)
      ? [0.3 * high, 0.3 * high]
      : [dice.within([0.1, 1.2]) * high, dice.within([0.1, 0.22]) * high];
    const shown = dice.chance(0.6);
    const start = x;
    if (shown && start + width < 0.97 * canvas.width) {
      canvas.paint(pale, (at, y) => {
        const [across, down] = [Math.abs(at - start - width / 2) - width / 2, Math.abs(y - middle) - tall / 2];
        return covered(Math.max(across, down));
      });
    }
    x += width + dice.within([0.1, 0.8]) * high;
  }
  const height = canvas.height - high;
  return { ...sheet, area: { x: 0, y: high / 2, width: 0.88 * canvas.width, height: 0.88 * height } };
}
