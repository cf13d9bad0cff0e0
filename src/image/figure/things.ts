/**
 * Tells strokes from other things in a picture: thumbs, sheets, frames. The constants were chosen by measurement, on
 * the pictures of `npm run bench:pictures -- --half choosing`.
 */
import { contains, heightOf, widthOf } from '../box.ts';
import type { ImageSize } from '../size.ts';
import { type Component, componentFrom } from './components.ts';
import type { Ink } from './ink.ts';
import { CORE_FRACTION, type Part } from './parts.ts';
import { hasCorners, isAlongEdges, smallestRectangle } from './rectangle.ts';

/** Pixels as dark as the ink, up to this fraction of its contrast, belong to the same thing. */
const SAME_FRACTION = 0.2;
/** Least ratio of a sheet's or a frame's sides; a 1 is narrower. */
const MIN_SIDES_RATIO = 0.45;
/** Least fraction of the smallest rectangle around a sheet that it fills. */
const SHEET_FRACTION = 0.72;
/** Most thickness of a frame, as a fraction of its size. */
const FRAME_THICKNESS_FRACTION = 0.1;
/** Least size of what is enclosed, in thicknesses of what encloses it, and its least ink as a fraction of that one's. */
const INNER_FRACTIONS = { thickness: 3, mass: 0.02 } as const;
/** Slope of the lines between which a side is looked at, seen from the middle. */
const SIDE_SLOPE = 0.1;
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

/** The full ink of a part. */
export interface Core {
  /** Indices of the pixels. */
  readonly pixels: Int32Array;
  /** Median levels of its pixels, and of the ground under them. */
  readonly level: number;
  readonly ground: number;
}

/** The core of a part. */
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
  return thickness < FRAME_THICKNESS_FRACTION * Math.sqrt(long * short) && isAlongEdges(rectangle, thickness);
}

/**
 * Whether a part goes around one of the others that is not much smaller: on all sides, as a frame does, or along edges of
 * a rectangle, as the shade of a sheet's edge does. A 0 with a dot in it does not.
 */
export function enclosesAny(outer: Part, others: readonly Part[], width: number): boolean {
  const inners = others.filter((inner) => {
    const size = Math.max(heightOf(inner), widthOf(inner));
    const isLarge =
      size >= INNER_FRACTIONS.thickness * outer.thickness && inner.mass >= INNER_FRACTIONS.mass * outer.mass;
    return inner !== outer && isLarge && contains(outer, inner);
  });
  if (inners.length === 0) return false;
  if (inners.some((inner) => isOnAllSides(outer, inner, width))) return true;
  return isAlongEdges(smallestRectangle(outer.pixels, width), outer.thickness);
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
