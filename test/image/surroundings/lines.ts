/** Lines that paper has before anyone writes on it. */
import { away, type Colour, covered } from './canvas.ts';
import type { Range } from './dice.ts';
import { mixed, onSheet, type Sheet } from './sheet.ts';

const { abs, cos, max, min, round, sin } = Math;

const LINE_COLOURS: readonly Colour[] = [
  [30, 60, 150],
  [60, 90, 130],
  [70, 70, 70],
  [30, 30, 40],
];

/** How strong the lines of paper are. */
export interface LineStrength {
  /** Their contrast as a fraction of that of dark ink, drawn from one of these ranges. */
  readonly contrast?: readonly Range[];
  /** Their width in pixels; in a picture of more than 800 pixels they are wider. */
  readonly width?: Range;
}

/** Most lines are darker than people remember them. */
const USUAL_CONTRAST: readonly Range[] = [
  [0.12, 0.35],
  [0.4, 0.8],
  [0.4, 0.8],
];

function lineColour({ dice, paper }: Sheet, { contrast = USUAL_CONTRAST }: LineStrength): Colour {
  return mixed(paper, dice.of(LINE_COLOURS), dice.within(dice.of(contrast)));
}

function lineWidth({ dice, canvas }: Sheet, { width = [1, 4] }: LineStrength): number {
  return dice.within(width) * max(1, max(canvas.width, canvas.height) / 800);
}

/** Distance to the nearest of the lines at whole multiples of a pitch. */
function toNearest(position: number, pitch: number): number {
  return abs(position - pitch * round(position / pitch));
}

/** Ruled paper, with 9 to 33 lines. */
export function rule(sheet: Sheet, strength: LineStrength = {}): Sheet {
  const { dice, canvas } = sheet;
  const pitch = dice.within([0.03, 0.11]) * max(canvas.width, canvas.height);
  const [colour, width, start] = [lineColour(sheet, strength), lineWidth(sheet, strength), dice.within([0, pitch])];
  const place = onSheet(sheet);
  canvas.paint(colour, (x, y) => covered(toNearest(place(x, y).v - start, pitch) - width / 2));
  return sheet;
}

/** Squared paper with a pitch of 15 to 60 pixels. */
export function square(sheet: Sheet, strength: LineStrength = {}): Sheet {
  const { dice, canvas } = sheet;
  const pitch = dice.within([15, 60]);
  const [colour, width] = [lineColour(sheet, strength), min(lineWidth(sheet, strength), pitch / 10)];
  const [left, top] = [dice.within([0, pitch]), dice.within([0, pitch])];
  const place = onSheet(sheet);
  canvas.paint(colour, (x, y) => {
    const { u, v } = place(x, y);
    return covered(min(toNearest(u - left, pitch), toNearest(v - top, pitch)) - width / 2);
  });
  return sheet;
}

/** A red line down the sheet at one side. */
export function margin(sheet: Sheet): Sheet {
  const { dice, canvas, area } = sheet;
  const side = dice.of([-1, 1, -1]);
  const at = side * dice.within([0.26, 0.4]) * canvas.width;
  const width = dice.within([1, max(2, canvas.width / 200)]);
  const colour = mixed(
    sheet.paper,
    dice.of<Colour>([
      [200, 40, 50],
      [220, 90, 100],
      [170, 30, 60],
    ]),
    dice.within([0.5, 1]),
  );
  const place = onSheet(sheet);
  canvas.paint(colour, (x, y) => covered(abs(place(x, y).u - at) - width / 2));
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
    const inside = min(x, y, canvas.width - x, canvas.height - y);
    return covered(abs(inside - gap - width / 2) - width / 2);
  });
  return sheet;
}

/** A rectangle drawn on the sheet; the digit goes inside. */
export function innerFrame(sheet: Sheet): Sheet {
  const { dice, canvas, paper, ink } = sheet;
  const shrunk = cos(sheet.angle) - 0.6 * abs(sin(sheet.angle)); // so that its corners stay inside
  const inset = () => dice.within([0.72, 0.94]) * shrunk;
  const [width, height] = [inset() * canvas.width, inset() * canvas.height];
  const [line, round] = [dice.within([1, 7]), dice.of([0, 0, 0.05 * width])];
  const colour = mixed(paper, dice.chance(0.6) ? ink : dice.of(LINE_COLOURS), dice.within([0.35, 1]));
  const place = onSheet(sheet);
  canvas.paint(colour, (x, y) => {
    const { u, v } = place(x, y);
    const [across, down] = [abs(u) - width / 2 + round, abs(v) - height / 2 + round];
    const outside = away(max(0, across), max(0, down)) + min(0, max(across, down)) - round;
    return covered(abs(outside) - line / 2);
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
        const [across, down] = [abs(at - start - width / 2) - width / 2, abs(y - middle) - tall / 2];
        return covered(max(across, down));
      });
    }
    x += width + dice.within([0.1, 0.8]) * high;
  }
  const height = canvas.height - high;
  return { ...sheet, area: { x: 0, y: high / 2, width: 0.88 * canvas.width, height: 0.88 * height } };
}
