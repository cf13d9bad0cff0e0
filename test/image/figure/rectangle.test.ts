/** Tests of the smallest rectangle around pixels. */
import { describe, expect, test } from '@jest/globals';
import { hasCorners, isAlongEdges, smallestRectangle } from '../../../src/image/figure/rectangle.ts';

const SIDE = 100;

/** The pixels of a picture of 100 × 100 whose place, seen from the middle and turned by an angle, is in a shape. */
function pixelsWhere(isIn: (x: number, y: number) => boolean, degrees = 0): Int32Array {
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const all = Int32Array.from({ length: SIDE * SIDE }, (_, index) => index);
  return all.filter((index) => {
    const [row, column] = [Math.floor(index / SIDE) - 50, (index % SIDE) - 50];
    return isIn(cosine * column + sine * row, cosine * row - sine * column);
  });
}

const sheet = (x: number, y: number) => Math.abs(x) <= 35 && Math.abs(y) <= 20;
const frame = (x: number, y: number) => sheet(x, y) && !(Math.abs(x) < 32 && Math.abs(y) < 17);
const ring = (x: number, y: number) => Math.abs(Math.hypot(x, y) - 30) <= 2;

describe.each([0, 7, -12])('turned by %d degrees', (degrees) => {
  test('a sheet has its own height and width, and corners', () => {
    const rectangle = smallestRectangle(pixelsWhere(sheet, degrees), SIDE);
    expect(Math.abs(rectangle.width - 71)).toBeLessThan(4);
    expect(Math.abs(rectangle.height - 41)).toBeLessThan(4);
    expect([hasCorners(rectangle), isAlongEdges(rectangle, 3)]).toEqual([true, false]);
  });

  test('a frame lies along its edges', () => {
    const rectangle = smallestRectangle(pixelsWhere(frame, degrees), SIDE);
    expect([hasCorners(rectangle), isAlongEdges(rectangle, 3)]).toEqual([true, true]);
  });
});

test('a 0 neither has corners nor lies along the edges', () => {
  const rectangle = smallestRectangle(pixelsWhere(ring), SIDE);
  expect([hasCorners(rectangle), isAlongEdges(rectangle, 4)]).toEqual([false, false]);
});
