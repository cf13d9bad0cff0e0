/** Tells strokes from other things in a picture: thumbs, sheets, frames. */
import { contains, heightOf, widthOf } from '../box.ts';
import type { ImageSize } from '../size.ts';
import { type Component, componentFrom } from './components.ts';
import type { Ink } from './ink.ts';
import type { Part } from './parts.ts';

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

/** Most thickness of a frame, as a fraction of its size. */
const FRAME_THICKNESS_FRACTION = 0.1;
/** Least size of what is enclosed, in thicknesses of what encloses it. */
const INNER_THICKNESSES = 3;
/** Slope of the lines between which a side is looked at, seen from the middle. */
const SIDE_SLOPE = 0.1;
/** Strength of full ink's pixels, as a fraction of full ink. */
const CORE_FRACTION = 0.8;
/** Most contact of a stroke with the picture's edge, in its thicknesses, and most thickness as a fraction of its size. */
const STROKE_AT_EDGE = { contact: 2.5, thickness: 0.3 } as const;

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

export function coreOf({ pixels, full }: Part, values: Float32Array, ink: Ink): Core {
  const strong = pixels.filter((pixel) => ink.strength[pixel]! >= CORE_FRACTION * full);
  const middle = (of: Float32Array) => {
    const levels = new Float32Array(strong.length);
    for (let index = 0; index < strong.length; index++) levels[index] = of[strong[index]!]!;
    return levels.sort()[levels.length >> 1]!;
  };
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
  return contact > 0 && (thickness > STROKE_AT_EDGE.thickness * size || contact > STROKE_AT_EDGE.contact * thickness);
}

/** Whether a thing is a full or an empty rectangle, upright or turned. */
function isRectangle(thing: Thing, { width }: ImageSize): boolean {
  const area = thing.pixels.length;
  const thickness = (2 * area) / (thing.outline.length + thing.contact);
  const rectangle = smallestRectangle(thing.outline, width);
  const [long, short] = [Math.max(rectangle.width, rectangle.height), Math.min(rectangle.width, rectangle.height)];
  if (short < MIN_SIDES_RATIO * long || !hasCorners(rectangle)) return false;
  if (area >= SHEET_FRACTION * long * short) return true;
  const along = rectangle.distances.filter((distance) => distance <= 1.5 * thickness + 1).length;
  return (
    thickness < FRAME_THICKNESS_FRACTION * Math.sqrt(long * short) &&
    along >= FRAME_FRACTION * rectangle.distances.length
  );
}

/** A rectangle around pixels, perhaps turned. */
interface Rectangle extends ImageSize {
  /** Distance of each pixel to the nearest edge. */
  readonly distances: Float32Array;
  /** Distance of each corner to the nearest pixel. */
  readonly corners: readonly number[];
}

/** The smallest of the rectangles around pixels that are turned by `ANGLES_DEGREES`. */
function smallestRectangle(pixels: Int32Array, width: number): Rectangle {
  const [xs, ys] = [new Float32Array(pixels.length), new Float32Array(pixels.length)];
  let best = { area: Number.POSITIVE_INFINITY, x0: 0, x1: 0, y0: 0, y1: 0, degrees: 0 };
  const turn = (degrees: number) => {
    const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    let [x0, x1, y0, y1] = [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    for (let index = 0; index < pixels.length; index++) {
      const row = (pixels[index]! / width) | 0;
      const column = pixels[index]! - row * width;
      const x = cosine * column + sine * row;
      const y = cosine * row - sine * column;
      xs[index] = x;
      ys[index] = y;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      if (y > y1) y1 = y;
    }
    return { area: (x1 - x0 + 1) * (y1 - y0 + 1), x0, x1, y0, y1, degrees };
  };
  for (const degrees of ANGLES_DEGREES) {
    const turned = turn(degrees);
    if (turned.area < best.area) best = turned;
  }
  const { x0, x1, y0, y1 } = turn(best.degrees);
  const distances = xs.map((x, index) => Math.min(x - x0, x1 - x, ys[index]! - y0, y1 - ys[index]!));
  const nearest = (cornerX: number, cornerY: number) =>
    xs.reduce(
      (least, x, index) => Math.min(least, Math.hypot(x - cornerX, ys[index]! - cornerY)),
      Number.POSITIVE_INFINITY,
    );
  const corners = [nearest(x0, y0), nearest(x1, y0), nearest(x0, y1), nearest(x1, y1)];
  return { height: y1 - y0 + 1, width: x1 - x0 + 1, distances, corners };
}

/** Whether pixels reach into all corners of the rectangle around them. */
function hasCorners({ height, width, corners }: Rectangle): boolean {
  return corners.every((distance) => distance <= CORNER_FRACTION * Math.hypot(height, width));
}

/**
 * Whether a part goes around another that is not much smaller: on all sides, as a frame does, or along edges of a
 * rectangle, as the shade of a sheet's edge does. A 0 with a dot in it does not.
 */
export function encloses(outer: Part, inner: Part, width: number): boolean {
  const innerSize = Math.max(heightOf(inner), widthOf(inner));
  if (!contains(outer, inner) || innerSize < INNER_THICKNESSES * outer.thickness) return false;
  return isOnAllSides(outer, inner, width) || isAlongRectangle(outer, width);
}

/** Whether a part lies above, below, at the left and at the right of another's middle. */
function isOnAllSides(outer: Part, inner: Part, width: number): boolean {
  const [row, column] = [(inner.top + inner.bottom) >> 1, (inner.left + inner.right) >> 1];
  const sides = new Set<string>();
  for (const pixel of outer.pixels) {
    const [down, right] = [Math.floor(pixel / width) - row, (pixel % width) - column];
    if (Math.abs(right) <= SIDE_SLOPE * Math.abs(down)) sides.add(down < 0 ? 'above' : 'below');
    else if (Math.abs(down) <= SIDE_SLOPE * Math.abs(right)) sides.add(right < 0 ? 'left' : 'right');
  }
  return sides.size === 4;
}

/** Whether a part's pixels lie along edges of the smallest rectangle around it. */
function isAlongRectangle({ pixels, thickness }: Part, width: number): boolean {
  const { distances } = smallestRectangle(pixels, width);
  const along = distances.filter((distance) => distance <= 1.5 * thickness + 1).length;
  return along >= FRAME_FRACTION * distances.length;
}
