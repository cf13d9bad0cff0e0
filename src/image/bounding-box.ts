/** The bounding box of a picture's digit: all ink except dust. */
import type { Ink } from './ink.ts';

/** A box in pixels: rows from `top` up to but excluding `bottom`, columns from `left` up to but excluding `right`. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A connected component of ink and its bounding box. */
interface Component extends Box {
  /** Sum of the ink strengths of the component's pixels. */
  readonly mass: number;
}

/**
 * Least mass of a component, as a fraction of the largest component's mass; lighter components are dust. The separate
 * parts of a digit, such as the bar of a 5, are heavier.
 */
const MIN_MASS_FRACTION = 0.05;

/** The smallest box around all ink except dust; undefined for a picture without ink. */
export function inkBox(ink: Ink): Box | undefined {
  const components = connectedComponents(ink);
  const largestMass = components.reduce((largest, { mass }) => Math.max(largest, mass), 0);
  const pieces = components.filter(({ mass }) => mass >= MIN_MASS_FRACTION * largestMass);
  if (pieces.length === 0) return undefined;
  return {
    top: Math.min(...pieces.map(({ top }) => top)),
    left: Math.min(...pieces.map(({ left }) => left)),
    bottom: Math.max(...pieces.map(({ bottom }) => bottom)),
    right: Math.max(...pieces.map(({ right }) => right)),
  };
}

/** The connected components of the ink; pixels that touch at a corner are connected. */
function connectedComponents({ strength, height, width, threshold }: Ink): Component[] {
  const visited = new Uint8Array(strength.length);
  const isNew = (pixel: number) => visited[pixel] === 0 && strength[pixel]! >= threshold;
  const components: Component[] = [];
  for (let first = 0; first < strength.length; first++) {
    if (!isNew(first)) continue;
    let [top, left, bottom, right, mass] = [height, width, 0, 0, 0];
    const stack = [first];
    visited[first] = 1;
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
      [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
      mass += strength[pixel]!;
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const next = y * width + x;
          if (!isNew(next)) continue;
          visited[next] = 1;
          stack.push(next);
        }
      }
    }
    components.push({ top, left, bottom, right, mass });
  }
  return components;
}
