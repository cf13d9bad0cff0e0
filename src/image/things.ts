/** Tells strokes from other things in a picture: thumbs, sheets, frames. */
import { type Component, componentFrom, heightOf, widthOf } from './components.ts';
import type { Ink } from './ink.ts';
import type { ImageSize } from './size.ts';

/** Pixels as dark as the ink, up to this fraction of its contrast, belong to the same thing. */
const SAME_FRACTION = 0.2;
/** Angles by which a sheet or a frame may be turned, in degrees. */
const ANGLES_DEGREES = Array.from({ length: 13 }, (_, index) => 2 * (index - 6));
/** Least ratio of a sheet's or a frame's sides; a 1 is narrower. */
const MIN_SIDES_RATIO = 0.45;
/** Least fraction of the smallest rectangle around a sheet that it fills. */
const SHEET_FRACTION = 0.72;
/** Least fraction of a frame's pixels that lie along the edges of the smallest rectangle around it. */
const FRAME_FRACTION = 0.85;

/** Most distance of a corner of that rectangle to the nearest pixel, as a fraction of its diagonal; a 0 has no corners. */
const CORNER_FRACTION = 0.09;

/** All that touches a part and is as dark. */
export interface Thing extends Component {
  /** How many of its pixels are not the part's. */
  readonly more: number;
  /** Its pixels that have a neighbour beside it, without those at the picture's edge. */
  readonly outline: Int32Array;
  /** Number of its pixels at the picture's edge. */
  readonly contact: number;
}

/** The core of a part: its full ink. */
export interface Core {
  readonly pixels: Int32Array;
  /** Median levels of its pixels, and of the ground under them. */
  readonly level: number;
  readonly ground: number;
}

/** @param full strength of the part's full ink */
export function coreOf({ pixels }: Component, full: number, values: Float32Array, ink: Ink): Core {
  const strong = pixels.filter((pixel) => ink.strength[pixel]! >= 0.8 * full);
  const middle = (of: Float32Array) => Float32Array.from(strong, (pixel) => of[pixel]!).sort()[strong.length >> 1]!;
  return { pixels: strong, level: middle(values), ground: middle(ink.ground) };
}

/** All that is as dark as a part's core and touches it. */
export function thingOf({ pixels }: Component, core: Core, values: Float32Array, ink: ImageSize): Thing {
  const limit = core.level + SAME_FRACTION * (core.ground - core.level);
  const open = new Uint8Array(values.length);
  for (let pixel = 0; pixel < values.length; pixel++) if (values[pixel]! <= limit) open[pixel] = 1;
  const grown = componentFrom(core.pixels, ink, open);
  const inside = open.fill(0);
  for (const pixel of grown.pixels) inside[pixel] = 1;
  let more = grown.pixels.length;
  for (const pixel of pixels) more -= inside[pixel]!;
  const { height, width } = ink;
  let contact = 0;
  const outline = grown.pixels.filter((pixel) => {
    const row = Math.floor(pixel / width);
    const column = pixel - row * width;
    if (row === 0 || row === height - 1 || column === 0 || column === width - 1) {
      contact += 1;
      return false;
    }
    return !inside[pixel - 1] || !inside[pixel + 1] || !inside[pixel - width] || !inside[pixel + width];
  });
  return { ...grown, more, outline, contact };
}

/** Whether a thing is no stroke: it goes on beyond the picture's edge, as a thumb does, or is a sheet or a frame. */
export function isForeign(thing: Thing, picture: ImageSize): boolean {
  return goesOn(thing, picture) || isRectangle(thing, picture);
}

/** The end of a stroke may touch the edge. */
function goesOn(thing: Thing, { height, width }: ImageSize): boolean {
  const { top, left, bottom, right, contact, outline, pixels } = thing;
  if ((top === 0 && bottom === height) || (left === 0 && right === width)) return true;
  const thickness = (2 * pixels.length) / (outline.length + contact);
  const size = Math.max(heightOf(thing), widthOf(thing));
  return contact > 0 && (thickness > 0.3 * size || contact > 2.5 * thickness);
}

/** Whether a thing is a full or an empty rectangle, upright or turned. */
function isRectangle(thing: Thing, { width }: ImageSize): boolean {
  const thickness = (2 * thing.pixels.length) / (thing.outline.length + thing.contact);
  let smallest = Number.POSITIVE_INFINITY;
  let [sides, alongEdges, cornered] = [0, 0, false];
  for (const degrees of ANGLES_DEGREES) {
    const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    let [x0, x1, y0, y1] = [Number.POSITIVE_INFINITY, -Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Number.POSITIVE_INFINITY];
    const places = Array.from(thing.outline, (pixel) => {
      const row = Math.floor(pixel / width);
      const column = pixel - row * width;
      const [x, y] = [cosine * column + sine * row, cosine * row - sine * column];
      [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
      return [x, y] as const;
    });
    const area = (x1 - x0 + 1) * (y1 - y0 + 1);
    if (area >= smallest) continue;
    smallest = area;
    sides = Math.min(x1 - x0 + 1, y1 - y0 + 1) / Math.max(x1 - x0 + 1, y1 - y0 + 1);
    const corners = [[x0, y0], [x1, y0], [x0, y1], [x1, y1]] as const;
    cornered = corners.every(([cx, cy]) => places.some(([x, y]) => Math.hypot(x - cx, y - cy) <= CORNER_FRACTION * Math.hypot(x1 - x0, y1 - y0)));
    const near = places.filter(([x, y]) => Math.min(x - x0, x1 - x, y - y0, y1 - y) <= 1.5 * thickness + 1);
    alongEdges = near.length / places.length;
  }
  if (sides < MIN_SIDES_RATIO) return false;
  if (!cornered) return false;
  return thing.pixels.length >= SHEET_FRACTION * smallest || (thickness < 0.1 * Math.sqrt(smallest) && alongEdges >= FRAME_FRACTION);
}
