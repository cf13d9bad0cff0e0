/** Tests of distances to a mask. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { distanceTo } from '../../src/image/distance.ts';

const masks = fc
  .record({ height: fc.integer({ min: 1, max: 9 }), width: fc.integer({ min: 1, max: 9 }) })
  .chain((size) => {
    const length = size.height * size.width;
    return fc.record({
      size: fc.constant(size),
      mask: fc.uint8Array({ max: 1, minLength: length, maxLength: length }),
    });
  });

test('each distance is that to the nearest pixel of the value, and infinite where there is none', () => {
  fc.assert(
    fc.property(masks, fc.constantFrom(0, 1), ({ size, mask }, value) => {
      const place = (index: number) => [Math.floor(index / size.width), index % size.width] as const;
      const expected = mask.map(() => 0);
      const distances = distanceTo(mask, size, value);
      for (const index of expected.keys()) {
        let nearest = Number.POSITIVE_INFINITY;
        for (const [other, each] of mask.entries()) {
          const [[row, column], [otherRow, otherColumn]] = [place(index), place(other)];
          if (each === value) nearest = Math.min(nearest, Math.hypot(row - otherRow, column - otherColumn));
        }
        expect(distances[index]).toBeCloseTo(nearest, 4);
      }
    }),
  );
});
