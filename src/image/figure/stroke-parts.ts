/**
 * Tells the parts of a picture's ink that can be strokes from those that belong to other things. The constants were
 * chosen by measurement, on the pictures of `npm run bench:pictures -- --half choosing`.
 */
import type { Ink } from './ink.ts';
import type { Part } from './parts.ts';
import { coreOf, enclosesAny, isForeign, thingOf } from './things.ts';

/** A part that can be a stroke. */
export interface StrokePart extends Part {
  /** Whether nothing of it was taken for ground. */
  readonly whole: boolean;
}

/** Parts of less ink than this fraction of the heaviest one are dust, whatever they are. */
const DUST_FRACTION = 0.01;
/** Parts that are looked at, the heaviest first: texture has thousands. */
const MOST_PARTS = 40;
/** A part is whole if its thing has no more than this fraction of pixels beside it. */
const MAX_MORE_FRACTION = 0.05;
/** Parts of a foreign thing are at most so many grey levels darker than what was found of it first. */
const SAME_LEVELS = 10;

/**
 * The parts that can be strokes: no dust, nothing that goes on beyond the picture's edge, no sheet, no frame, and nothing
 * that encloses others.
 *
 * @param values grey levels [height, width], 0 to 255
 */
export function strokeParts(parts: readonly Part[], values: Float32Array, ink: Ink): StrokePart[] {
  const heaviest = parts.reduce((most, { mass }) => Math.max(most, mass), 0);
  const heavy = parts.filter(({ mass }) => mass >= DUST_FRACTION * heaviest).sort((a, b) => b.mass - a.mass);
  const foreign = new Float32Array(values.length).fill(Number.POSITIVE_INFINITY); // levels of foreign things
  const own = heavy.slice(0, MOST_PARTS).flatMap((part) => {
    const core = coreOf(part, values, ink);
    if (core.pixels.every((pixel) => core.level >= foreign[pixel]!)) return []; // seen with an earlier part
    const thing = thingOf(part, core, values, ink);
    if (!isForeign(thing, ink)) return [{ ...part, whole: thing.more <= MAX_MORE_FRACTION * part.pixels.length }];
    for (const pixel of thing.pixels) foreign[pixel] = core.level - SAME_LEVELS;
    return [];
  });
  return own.filter((part) => !enclosesAny(part, own, ink.width));
}
