/**
 * The smallest rectangle around pixels, upright or turned: what sheets and frames fill or follow. The constants were
 * chosen by measurement, on the pictures of `npm run bench:pictures -- --half choosing`.
 */
import type { ImageSize } from '../size.ts';

/** Angles by which a sheet or a frame may be turned, in degrees: all that there are, but for a quarter turn. */
const ANGLES_DEGREES = Array.from({ length: 30 }, (_, index) => 3 * (index - 15));
/** Most distance of a corner of the rectangle to the nearest pixel, as a fraction of its diagonal; a 0 has no corners. */
const CORNER_FRACTION = 0.09;
/** Least fraction of a frame's pixels that lie along the edges of the rectangle around it. */
const FRAME_FRACTION = 0.85;

/** A rectangle around pixels, perhaps turned. */
interface Rectangle extends ImageSize {
  /** Distance of each pixel to the nearest edge. */
  readonly distances: Float32Array;
  /** Distance of each corner to the nearest pixel. */
  readonly corners: readonly number[];
}

/** The smallest of the rectangles around pixels that are turned by `ANGLES_DEGREES`. */
export function smallestRectangle(pixels: Int32Array, width: number): Rectangle {
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
export function hasCorners({ height, width, corners }: Rectangle): boolean {
  return corners.every((distance) => distance <= CORNER_FRACTION * Math.hypot(height, width));
}

/**
 * Whether pixels lie along the edges of the rectangle around them, as a frame's do.
 *
 * @param thickness of what the pixels belong to; they may be one and a half of it, and a pixel, from the edges
 */
export function isAlongEdges({ distances }: Rectangle, thickness: number): boolean {
  const along = distances.filter((distance) => distance <= 1.5 * thickness + 1).length;
  return along >= FRAME_FRACTION * distances.length;
}
