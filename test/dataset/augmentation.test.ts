/** Tests of the random transforms for augmentation. */
import { expect, test } from '@jest/globals';
import { drawTransforms, TRANSFORM_SIZE } from '../../src/dataset/augmentation.ts';
import { RandomGenerator } from '../../src/random.ts';

const MNIST = { height: 28, width: 28 };

function transforms(kind: 'shift' | 'affine', count: number, sides = MNIST): number[][] {
  const drawn = drawTransforms(RandomGenerator.seeded(1, 'augmentation'), kind, count, sides);
  return Array.from({ length: count }, (_, image) => [
    ...drawn.subarray(image * TRANSFORM_SIZE, (image + 1) * TRANSFORM_SIZE),
  ]);
}

test('a shift moves by whole pixels up to a 14th of each side, which gives 25 shifts on MNIST', () => {
  const shifts = transforms('shift', 2000).map(([a, b, x, d, e, y, ...zeros]) => {
    expect([a, b, d, e, ...zeros]).toEqual([1, 0, 0, 1, 0, 0]);
    return `${x},${y}`;
  });
  expect(new Set(shifts).size).toBe(25);
  for (const shift of shifts) expect(shift).toMatch(/^-?[0-2],-?[0-2]$/);
  const wide = transforms('shift', 2000, { height: 14, width: 56 });
  expect(Math.max(...wide.map(([, , x = 0]) => Math.abs(x)))).toBe(4);
  expect(Math.max(...wide.map(([, , , , , y = 0]) => Math.abs(y)))).toBe(1);
});

test('an affine transform rotates by up to 10°, scales by up to 1.1 and moves the centre by up to 2 pixels', () => {
  const middle = 13.5;
  const found = transforms('affine', 2000).map(([a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, ...zeros]) => {
    expect(zeros).toEqual([0, 0]);
    expect([a, b]).toEqual([e, -d]);
    return {
      angle: (Math.atan2(d, a) * 180) / Math.PI,
      scale: Math.hypot(a, d),
      x: a * middle + b * middle + c - middle,
      y: d * middle + e * middle + f - middle,
    };
  });
  for (const [name, least, most] of [
    ['angle', -10, 10],
    ['scale', 1 / 1.1, 1.1],
    ['x', -2, 2],
    ['y', -2, 2],
  ] as const) {
    const values = found.map((each) => each[name]);
    const slack = (most - least) / 50;
    expect(Math.min(...values)).toBeGreaterThan(least - 1e-4);
    expect(Math.max(...values)).toBeLessThan(most + 1e-4);
    expect(Math.min(...values)).toBeLessThan(least + slack);
    expect(Math.max(...values)).toBeGreaterThan(most - slack);
  }
});

test('generators in the same state draw the same transforms, also after being restored', () => {
  const one = RandomGenerator.seeded(7, 'augmentation');
  const [first, second] = [drawTransforms(one, 'affine', 3, MNIST), drawTransforms(one, 'affine', 3, MNIST)];
  const other = RandomGenerator.seeded(7, 'augmentation');
  expect(drawTransforms(other, 'affine', 3, MNIST)).toEqual(first);
  expect(drawTransforms(RandomGenerator.restore(other.state()), 'affine', 3, MNIST)).toEqual(second);
});
