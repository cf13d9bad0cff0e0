/** What lies around a sheet: a desk, and the thumb that holds it. */
import { away, type Colour, covered } from './canvas.ts';
import { type Dice, smoothStep } from './dice.ts';
import { mixed, onSheet, type Sheet } from './sheet.ts';

const { abs, atan2, cos, max, min, sin } = Math;

const DESKS: readonly Colour[] = [
  [28, 26, 28],
  [58, 54, 52],
  [74, 50, 36],
  [112, 74, 46], // wood
  [150, 108, 70],
  [182, 142, 98],
  [92, 98, 106],
  [40, 52, 72], // cloth
];

/** The look of a desk: its colour with grain along one direction. */
function deskColour(dice: Dice): (x: number, y: number) => Colour {
  const colour = dice.of(DESKS);
  const [along, fine] = [dice.texture(dice.within([8, 30])), dice.texture(dice.within([2, 5]))];
  const stretch = dice.of([1, 6, 14]); // wood has long grain
  const strength = dice.within([0.05, 0.16]);
  const upright = dice.chance(0.3);
  return (x, y) => {
    const [u, v] = upright ? [y, x] : [x, y];
    const gain = 1 + strength * (along(u / stretch, v) + 0.5 * fine(u / stretch, v));
    return mixed([0, 0, 0], colour, gain);
  };
}

/** Puts the sheet on a desk that shows on all sides. */
export function deskAround(sheet: Sheet): Sheet {
  const { dice, canvas } = sheet;
  const shrunk = 1 - 0.7 * abs(sin(sheet.angle));
  const [width, height] = [
    dice.within([0.62, 0.9]) * shrunk * canvas.width,
    dice.within([0.62, 0.9]) * shrunk * canvas.height,
  ];
  const slack = { u: (shrunk * canvas.width - width) / 2, v: (shrunk * canvas.height - height) / 2 };
  const [x, y] = [dice.within([-slack.u, slack.u]) * 0.8, dice.within([-slack.v, slack.v]) * 0.8];
  layDesk(sheet, (u, v) => max(abs(u - x) - width / 2, abs(v - y) - height / 2));
  return { ...sheet, area: { x, y, width: 0.88 * width, height: 0.88 * height } };
}

/** The desk shows at one side, or at two that meet. */
export function deskBeside(sheet: Sheet): Sheet {
  const { dice, canvas } = sheet;
  const [halfWidth, halfHeight] = [canvas.width / 2, canvas.height / 2];
  const edge = { left: -2 * halfWidth, right: 2 * halfWidth, top: -2 * halfHeight, bottom: 2 * halfHeight };
  const seen = () => dice.within([0.45, 0.85]);
  const [sideways, both] = [dice.chance(0.5), dice.chance(0.3)];
  if (sideways || both)
    Object.assign(edge, dice.chance(0.5) ? { left: -seen() * halfWidth } : { right: seen() * halfWidth });
  if (!sideways || both)
    Object.assign(edge, dice.chance(0.5) ? { top: -seen() * halfHeight } : { bottom: seen() * halfHeight });
  layDesk(sheet, (u, v) => max(edge.left - u, u - edge.right, edge.top - v, v - edge.bottom));
  const left = max(edge.left, -0.92 * halfWidth) + 0.04 * halfWidth;
  const right = min(edge.right, 0.92 * halfWidth) - 0.04 * halfWidth;
  const top = max(edge.top, -0.92 * halfHeight) + 0.04 * halfHeight;
  const bottom = min(edge.bottom, 0.92 * halfHeight) - 0.04 * halfHeight;
  return {
    ...sheet,
    area: { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top },
  };
}

/**
 * Lays desk everywhere outside the sheet, with the narrow shadow that the sheet casts.
 *
 * @param outside distance from the sheet's edge, negative on the sheet
 */
export function layDesk(sheet: Sheet, outside: (u: number, v: number) => number): void {
  const { dice, canvas } = sheet;
  const [colour, place] = [deskColour(dice), onSheet(sheet)];
  const [shadow, reach] = [dice.within([0, 0.5]), dice.within([3, 12])];
  const [toRight, toBottom] = [dice.within([-4, 4]), dice.within([-4, 4])];
  canvas.paint(
    (x, y) => {
      const { u, v } = place(x, y);
      const near = 1 - smoothStep(outside(u - toRight, v - toBottom) / reach);
      return mixed([0, 0, 0], colour(x, y), 1 - shadow * near);
    },
    (x, y) => {
      const { u, v } = place(x, y);
      return 1 - covered(outside(u, v));
    },
  );
}

const SKINS: readonly Colour[] = [
  [232, 190, 165],
  [214, 162, 132],
  [190, 136, 106],
  [150, 100, 74],
  [104, 68, 50],
  [72, 48, 38],
];

/** A thumb that comes from one corner over the paper, and is a little out of focus; the digit stays beside it. */
export function thumb(sheet: Sheet): Sheet {
  const { dice, canvas } = sheet;
  const [right, bottom] = [dice.chance(0.5), dice.chance(0.7)];
  const side = min(canvas.width, canvas.height);
  const corner = { x: right ? canvas.width : 0, y: bottom ? canvas.height : 0 };
  const toMiddle = atan2(canvas.height / 2 - corner.y, canvas.width / 2 - corner.x) + dice.within([-0.35, 0.35]);
  const [radius, length] = [dice.within([0.09, 0.16]) * side, dice.within([0.16, 0.32]) * side];
  const soft = dice.within([2, 12]);
  const [skin, nail] = [dice.of(SKINS), dice.chance(0.6)];
  const [cosine, sine] = [cos(toMiddle), sin(toMiddle)];
  const along = (x: number, y: number) => ({
    u: cosine * (x - corner.x) + sine * (y - corner.y),
    v: cosine * (y - corner.y) - sine * (x - corner.x),
  });
  const tip = length - radius;
  const outside = (u: number, v: number) => away(max(0, u - tip), v) - radius;
  canvas.paint([40, 30, 30], (x, y) => {
    const { u, v } = along(x - 3, y - 4); // the thumb's own shadow
    return 0.4 * (1 - smoothStep(outside(u, v) / (3 * soft) + 0.5));
  });
  canvas.paint(
    (x, y) => {
      const { u, v } = along(x, y);
      const onNail = nail && away((u - tip - 0.2 * radius) / 0.75, v) < 0.55 * radius;
      const shade = 1.05 - 0.35 * min(1, away(max(0, u - tip), v) / radius) ** 2;
      return mixed([0, 0, 0], onNail ? mixed(skin, [250, 215, 205], 0.4) : skin, shade);
    },
    (x, y) => {
      const { u, v } = along(x, y);
      return 1 - smoothStep(outside(u, v) / soft + 0.5);
    },
  );
  return { ...sheet, area: areaBeside(sheet, right, bottom, length + soft) };
}

/** The part of the sheet's area that a thumb of this length from a corner leaves. */
function areaBeside({ canvas, area }: Sheet, right: boolean, bottom: boolean, length: number) {
  const taken = { x: min(0.42 * canvas.width, 0.8 * length), y: min(0.42 * canvas.height, 0.8 * length) };
  // The digit keeps clear of the thumb in the direction in which the picture has more room.
  if (canvas.width > canvas.height) {
    return { ...area, x: (right ? -1 : 1) * (taken.x / 2), width: area.width - taken.x };
  }
  return { ...area, y: (bottom ? -1 : 1) * (taken.y / 2), height: area.height - taken.y };
}
