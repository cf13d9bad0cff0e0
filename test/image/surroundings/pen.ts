/** Writes a figure: with strokes as wide as in MNIST, or with a pen of a width. */
import { away, covered, type Layer } from './canvas.ts';
import type { Figure } from './figure.ts';
import type { Point } from './skeleton.ts';

const { ceil, cos, floor, max, min, sin, sqrt } = Math;

/** Where a figure stands in a picture. */
export interface Pose {
  /** Middle of its box, in pixels of the picture. */
  readonly x: number;
  readonly y: number;
  /** Clockwise, in radians. */
  readonly angle: number;
  /** Pixels for each step of the figure's grid. */
  readonly scale: number;
}

/** The pixels that a figure covers with strokes as wide as in MNIST, widened by `grow` pixels on each side. */
export function natural({ side, outside, box }: Figure, pose: Pose, grow = 0): Layer {
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const reach = (away(box.right - box.left, box.bottom - box.top) / 2) * pose.scale + grow + 2;
  const [sine, cosine] = [sin(pose.angle) / pose.scale, cos(pose.angle) / pose.scale];
  return layerAround(pose, reach, (x, y) => {
    const column = middle.x + cosine * x + sine * y - 0.5;
    const row = middle.y - sine * x + cosine * y - 0.5;
    const [left, top] = [floor(column), floor(row)];
    if (left < 0 || top < 0 || left >= side - 1 || top >= side - 1) return 0;
    const [across, down, at] = [column - left, row - top, top * side + left];
    const upper = outside[at]! * (1 - across) + outside[at + 1]! * across;
    const lower = outside[at + side]! * (1 - across) + outside[at + side + 1]! * across;
    return covered((upper * (1 - down) + lower * down) * pose.scale - grow);
  });
}

/** The pixels that a figure covers when it is written with a round pen of `width` pixels. */
export function written({ lines, box }: Figure, pose: Pose, width: number): Layer {
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const [sine, cosine] = [sin(pose.angle) * pose.scale, cos(pose.angle) * pose.scale];
  const placed = (points: readonly Point[]) =>
    points.map(({ x, y }) => ({
      x: pose.x + cosine * (x - middle.x) - sine * (y - middle.y),
      y: pose.y + sine * (x - middle.x) + cosine * (y - middle.y),
    }));
  return strokes(
    lines.map((points) => placed(spaced(points, max(2, width / 5) / pose.scale))),
    width,
  );
}

/** Fewer points of a line, about `distance` apart; the last one stays. */
function spaced(points: readonly Point[], distance: number): Point[] {
  let last = points[0]!;
  return points.filter((point, i) => {
    const keep = i === 0 || i === points.length - 1 || away(point.x - last.x, point.y - last.y) >= distance;
    if (keep) last = point;
    return keep;
  });
}

/** The pixels that lines cover, drawn with a round pen of `width` pixels. */
export function strokes(lines: readonly (readonly Point[])[], width: number): Layer {
  const reach = width / 2 + 1;
  const points = lines.flat();
  const left = floor(min(...points.map(({ x }) => x)) - reach);
  const top = floor(min(...points.map(({ y }) => y)) - reach);
  const right = ceil(max(...points.map(({ x }) => x)) + reach);
  const bottom = ceil(max(...points.map(({ y }) => y)) + reach);
  const layer = { left, top, width: right - left, height: bottom - top };
  const cover = new Float32Array(layer.width * layer.height);
  for (const line of lines) {
    for (const [i, from] of line.entries()) segment(from, line[i + 1] ?? from);
  }
  return { ...layer, cover };

  function segment(from: Point, to: Point): void {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const square = dx * dx + dy * dy || 1;
    const lastRow = ceil(max(from.y, to.y) + reach) - top;
    const lastColumn = ceil(max(from.x, to.x) + reach) - left;
    for (let row = floor(min(from.y, to.y) - reach) - top; row < lastRow; row++) {
      for (let column = floor(min(from.x, to.x) - reach) - left; column < lastColumn; column++) {
        const [x, y] = [column + left + 0.5 - from.x, row + top + 0.5 - from.y];
        const along = max(0, min(1, (x * dx + y * dy) / square));
        const value = covered(sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2) - width / 2);
        const at = row * layer.width + column;
        if (value > cover[at]!) cover[at] = value;
      }
    }
  }
}

/** A layer of all pixels no further than `reach` from a point; `coverage` counts from that point. */
export function layerAround({ x, y }: Point, reach: number, coverage: (x: number, y: number) => number): Layer {
  const [left, top] = [floor(x - reach), floor(y - reach)];
  const [width, height] = [ceil(x + reach) - left, ceil(y + reach) - top];
  const cover = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      cover[row * width + column] = coverage(left + column + 0.5 - x, top + row + 0.5 - y);
    }
  }
  return { left, top, width, height, cover };
}
