/** Tests of closings. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closing, uprightClosing } from '../../../src/image/figure/morphology.ts';
import type { ImageSize } from '../../../src/image/size.ts';

/** The definition, pixel by pixel: the least, over all windows that cover the pixel, of the largest value in the window. */
function closingByDefinition(values: Float32Array, { width }: ImageSize, high: number, wide: number) {
  const extreme = (of: Float32Array, choose: (...levels: number[]) => number) =>
    of.map((_, index) => {
      const [row, column] = [Math.floor(index / width), index % width];
      return choose(
        ...of.filter(
          (_, at) => Math.abs(Math.floor(at / width) - row) <= high && Math.abs((at % width) - column) <= wide,
        ),
      );
    });
  return extreme(extreme(values, Math.max), Math.min);
}

const image = fc
  .record({ height: fc.integer({ min: 1, max: 12 }), width: fc.integer({ min: 1, max: 12 }) })
  .chain((size) =>
    fc.tuple(
      fc.constant(size),
      fc.array(fc.integer({ min: 0, max: 255 }), {
        minLength: size.height * size.width,
        maxLength: size.height * size.width,
      }),
    ),
  );

test("a closing is the least of the windows' largest values, in images and windows of any size", () => {
  fc.assert(
    fc.property(image, fc.integer({ min: 1, max: 15 }), ([size, levels], window) => {
      const values = Float32Array.from(levels);
      const radius = Math.floor(window / 2);
      expect(closing(values, size, window)).toEqual(closingByDefinition(values, size, radius, radius));
      expect(uprightClosing(values, size, window)).toEqual(closingByDefinition(values, size, radius, 0));
    }),
    { numRuns: 200 },
  );
});
