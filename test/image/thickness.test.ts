/** Tests of measuring and changing the thickness of strokes. */
import { describe, expect, test } from '@jest/globals';
import { redrawn, thicknessOf } from '../../src/image/thickness.ts';

/** A ring of a stroke of this thickness, in pixels, with soft edges if `soft`. */
function ring(thickness: number, soft = false) {
  const side = 100;
  const strength = Float32Array.from({ length: side * side }, (_, index) => {
    const fromCentre = Math.hypot(Math.floor(index / side) - 49.5, (index % side) - 49.5);
    const beyond = Math.abs(fromCentre - 35) - thickness / 2; // the stroke's middle is a circle of radius 35
    return Math.max(0, Math.min(1, 0.5 - beyond / (soft ? 6 : 1)));
  });
  return { strength, height: side, width: side };
}

describe('thicknessOf', () => {
  test.each([4, 8, 16])('measures a stroke of %d pixels, with sharp and with soft edges', (thickness) => {
    expect(thicknessOf(ring(thickness))).toBeGreaterThan(0.85 * thickness);
    expect(thicknessOf(ring(thickness))).toBeLessThan(1.05 * thickness);
    if (thickness > 6) expect(thicknessOf(ring(thickness, true)) / thicknessOf(ring(thickness))).toBeLessThan(1.1);
  });
});

describe('redrawn', () => {
  test.each([
    [2, 0.1],
    [4, 0.1],
    [20, 0.1],
    [10, 0.15],
  ])('a stroke of %d pixels gets a thickness of %d of the side, along the same middle', (before, wanted) => {
    const drawing = redrawn(ring(before), wanted);
    expect(thicknessOf(drawing) / 100).toBeCloseTo(wanted, 1.5); // the ring's picture has a side of 100 pixels
    // The ring's hole: a circle of the radius of its middle less half of the new thickness.
    const middle = Math.floor(drawing.height / 2) * drawing.width + Math.floor(drawing.width / 2);
    expect(drawing.strength[middle]).toBe(0);
    expect(Math.abs(drawing.height - drawing.width)).toBeLessThanOrEqual(1);
  });
});
