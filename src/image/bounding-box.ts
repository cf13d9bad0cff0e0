/** Where in a picture the digit is. */
import type { Ink } from './ink.ts';

/** Rows `top` to below `bottom`, columns `left` to below `right`. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

interface Stain extends Box {
  /** Its pixels' strengths, added up. */
  readonly mass: number;
}

/** Of the largest piece of ink: a smaller one is dust. A digit's own pieces, like the bar of a 5, are larger. */
const LEAST_MASS = 0.05;

/** The smallest box around all ink but dust; undefined where there is none. */
export function inkBox(ink: Ink): Box | undefined {
  const stains = findStains(ink);
  const largest = stains.reduce((most, { mass }) => Math.max(most, mass), 0);
  const pieces = stains.filter(({ mass }) => mass >= LEAST_MASS * largest);
  if (pieces.length === 0) return undefined;
  return {
    top: Math.min(...pieces.map(({ top }) => top)),
    left: Math.min(...pieces.map(({ left }) => left)),
    bottom: Math.max(...pieces.map(({ bottom }) => bottom)),
    right: Math.max(...pieces.map(({ right }) => right)),
  };
}

/** Pieces of ink that hang together, corners included. */
function findStains({ strength, height, width, threshold }: Ink): Stain[] {
  const seen = new Uint8Array(strength.length);
  const isNew = (pixel: number) => seen[pixel] === 0 && strength[pixel]! >= threshold;
  const stains: Stain[] = [];
  for (let first = 0; first < strength.length; first++) {
    if (!isNew(first)) continue;
    let [top, left, bottom, right, mass] = [height, width, 0, 0, 0];
    const waiting = [first];
    seen[first] = 1;
    for (let pixel = waiting.pop(); pixel !== undefined; pixel = waiting.pop()) {
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
      [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
      mass += strength[pixel]!;
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          const next = y * width + x;
          if (!isNew(next)) continue;
          seen[next] = 1;
          waiting.push(next);
        }
      }
    }
    stains.push({ top, left, bottom, right, mass });
  }
  return stains;
}
