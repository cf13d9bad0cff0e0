/** The line that a pen followed: what remains of a written figure when its strokes are thinned. */

/** A point, in pixels of the grid or of the picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Offsets of a pixel's neighbours on a grid of this side, clockwise from the one above. */
function neighboursOf(side: number): readonly number[] {
  return [-side, 1 - side, 1, side + 1, side, side - 1, -1, -side - 1];
}

/**
 * Thins strokes to lines one pixel wide (Zhang and Suen, A Fast Parallel Algorithm for Thinning Digital Patterns, 1984).
 *
 * @param ink [side, side], 1 for ink; none at the grid's edge
 * @returns [side, side]
 */
export function thinned(ink: Uint8Array, side: number): Uint8Array {
  const pixels = Uint8Array.from(ink);
  const offsets = neighboursOf(side);
  let inked = [...pixels.keys()].filter((at) => pixels[at] === 1);
  for (let removed = true; removed; ) {
    removed = false;
    for (const odd of [true, false]) {
      const superfluous = inked.filter((at) => {
        let [count, rises, before] = [0, 0, pixels[at + offsets[7]!]!];
        for (let i = 0; i < 8; i++) {
          const value = pixels[at + offsets[i]!]!;
          count += value;
          if (before === 0 && value === 1) rises++;
          before = value;
        }
        if (count < 2 || count > 6 || rises !== 1) return false;
        const [above, right, below, left] = [pixels[at - side]!, pixels[at + 1]!, pixels[at + side]!, pixels[at - 1]!];
        const [one, other] = odd
          ? [above * right * below, right * below * left]
          : [above * right * left, above * below * left];
        return one === 0 && other === 0;
      });
      for (const at of superfluous) pixels[at] = 0;
      if (superfluous.length > 0) removed = true;
      inked = inked.filter((at) => pixels[at] === 1);
    }
  }
  return pixels;
}

/**
 * Traces a thinned figure.
 *
 * @param line [side, side], lines one pixel wide
 * @param spur length of the branches that are left out, in pixels: thinning makes them where a stroke is uneven
 * @returns lines of points, smoothed; together they cover the figure
 */
export function traced(line: Uint8Array, side: number, spur: number): Point[][] {
  const pixels = Uint8Array.from(line);
  let paths = pathsOf(pixels, side);
  for (let round = 0; round < 3; round++) {
    const kept = paths.filter(({ at, loose }) => !(loose === 1 && at.length < spur && paths.length > 1));
    if (kept.length === paths.length) break;
    for (const { at, loose } of paths) {
      if (loose === 1 && at.length < spur) for (const pixel of inner(at, pixels, side)) pixels[pixel] = 0;
    }
    paths = pathsOf(pixels, side);
  }
  const points = (at: readonly number[]) => at.map((i) => ({ x: (i % side) + 0.5, y: Math.floor(i / side) + 0.5 }));
  return paths.map(({ at }) => smoothed(points(at), 5));
}

/** The pixels of a branch that belong to no other: all but its junction. */
function inner(at: readonly number[], pixels: Uint8Array, side: number): readonly number[] {
  return at.filter((pixel) => degree(pixels, pixel, side) <= 2);
}

function degree(pixels: Uint8Array, at: number, side: number): number {
  return neighboursOf(side).filter((offset) => pixels[at + offset] === 1).length;
}

/** The paths between ends and junctions, and rings; `loose` is how many of a path's two ends end freely. */
function pathsOf(pixels: Uint8Array, side: number): { readonly at: number[]; readonly loose: number }[] {
  const inked = [...pixels.keys()].filter((at) => pixels[at] === 1);
  const degrees = new Map(inked.map((at) => [at, degree(pixels, at, side)]));
  const used = new Set<string>();
  const follow = (from: number, first: number) => {
    const at = [from];
    for (let [last, next] = [from, first as number | undefined]; next !== undefined; ) {
      used.add(`${last} ${next}`).add(`${next} ${last}`);
      at.push(next);
      if (degrees.get(next) !== 2 || next === from) break;
      const here: number = next;
      const on = neighboursOf(side).map((offset) => here + offset);
      const open = on.filter((each) => degrees.has(each) && each !== last && !used.has(`${here} ${each}`));
      [last, next] = [here, open[0]];
    }
    return { at, loose: [at[0]!, at.at(-1)!].filter((end) => degrees.get(end) === 1).length };
  };
  const nodes = inked.filter((at) => degrees.get(at) !== 2);
  return [...nodes, ...inked].flatMap((node) =>
    neighboursOf(side)
      .map((offset) => node + offset)
      .flatMap((next) => (degrees.has(next) && !used.has(`${node} ${next}`) ? [follow(node, next)] : [])),
  );
}

/** The points, each the mean of up to `reach` before and after it; the ends stay where they are. */
function smoothed(points: readonly Point[], reach: number): Point[] {
  return points.map((_, i) => {
    const near = Math.min(reach, i, points.length - 1 - i);
    const window = points.slice(i - near, i + near + 1);
    const mean = (of: (point: Point) => number) => window.reduce((sum, point) => sum + of(point), 0) / window.length;
    return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  });
}
