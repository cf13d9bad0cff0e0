/** The thickness of strokes, made as MNIST's where pens are thinner or thicker. */
import { heightOf, widthOf } from './box.ts';
import { cutOut, withMargin } from './cut-out.ts';
import { distanceTo } from './distance.ts';
import type { ImageSize } from './size.ts';

/** Strokes alone in a small image. */
export interface Drawing extends ImageSize {
  /** Strength of the strokes [height, width], 0 to 1. */
  readonly strength: Float32Array;
}

/** Longer side of the image in which strokes are redrawn, in pixels. */
const SIDE_PIXELS = 120;

/**
 * The mean thickness of strokes in pixels: twice the area divided by the outline's length, which is the total variation
 * (Fleming and Rishel, An Integral Formula for Total Gradient Variation, 1960). Soft edges do not change it.
 */
export function thicknessOf({ strength, height, width }: Drawing): number {
  const at = (row: number, column: number) => (row < height && column < width ? strength[row * width + column]! : 0);
  let [area, outline] = [0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = at(row, column);
      area += value;
      outline += Math.hypot(at(row + 1, column) - value, at(row, column + 1) - value);
      if (row === 0) outline += value;
      if (column === 0) outline += value;
    }
  }
  return outline === 0 ? 0 : (2 * area) / outline;
}

/**
 * Strokes redrawn along the same middle, thicker or thinner.
 *
 * @param thickness of the new strokes, as a fraction of the drawing's longer side
 */
export function redrawn(drawing: Drawing, thickness: number): Drawing {
  const mask = maskOf(drawing);
  const side = Math.max(mask.height, mask.width);
  const change = (thickness * side - thicknessOf(mask)) / 2; // pixels by which each edge moves outwards
  const margin = Math.max(0, Math.ceil(change)) + 1;
  const framed = { height: mask.height + 2 * margin, width: mask.width + 2 * margin };
  const inside = Uint8Array.from(withMargin(mask.strength, mask, margin, 0)); // [framed.height, framed.width]
  const out = distanceTo(inside, framed, 1);
  const within = distanceTo(inside, framed, 0);
  // The edge lies half a pixel from the pixels on both of its sides.
  const strength = out.map((distance, index) => {
    const beyond = inside[index] === 1 ? 0.5 - within[index]! : distance - 0.5;
    return Math.max(0, Math.min(1, 0.5 + change - beyond));
  });
  return cropped({ ...framed, strength });
}

/** A drawing without the empty rows and columns around it. */
function cropped({ strength, height, width }: Drawing): Drawing {
  let [top, left, bottom, right] = [height, width, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (strength[row * width + column]! < 0.25) continue;
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
      [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
    }
  }
  const box = { top, left, bottom: Math.max(top + 1, bottom), right: Math.max(left + 1, right) };
  return { height: heightOf(box), width: widthOf(box), strength: cutOut(strength, width, box) };
}

/** The drawing in black and white, at most 120 pixels high and wide: what a stroke touches is black. */
function maskOf({ strength, height, width }: Drawing): Drawing {
  const scale = Math.min(1, SIDE_PIXELS / Math.max(height, width));
  const size = { height: Math.ceil(height * scale), width: Math.ceil(width * scale) };
  const mask = new Float32Array(size.height * size.width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (strength[row * width + column]! >= 0.5)
        mask[Math.floor(row * scale) * size.width + Math.floor(column * scale)] = 1;
    }
  }
  return { ...size, strength: mask };
}
