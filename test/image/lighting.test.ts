/** Tests of removing uneven lighting. */
import { expect, test } from '@jest/globals';
import { evenLight } from '../../src/image/lighting.ts';

const size = { height: 60, width: 90 };

function picture(level: (x: number, y: number) => number) {
  const pixels = Uint8Array.from({ length: size.height * size.width }, (_, index) => {
    const [x, y] = [
      (2 * (index % size.width)) / size.width - 1,
      (2 * Math.floor(index / size.width)) / size.height - 1,
    ];
    return Math.round(level(x, y));
  });
  return { pixels, ...size };
}

const range = (values: Float32Array) => Math.max(...values) - Math.min(...values);

test('evenLight removes light from one side and dark corners', () => {
  const shaded = picture((x, y) => 180 + 30 * x - 10 * y - 20 * (x * x + y * y));
  expect(range(evenLight(shaded))).toBeLessThan(3);
});

test('evenLight keeps the darkness of a digit', () => {
  const inBar = (x: number, y: number) => Math.abs(x) < 0.1 && Math.abs(y) < 0.5;
  const shaded = picture((x, y) => 150 + 40 * x - (inBar(x, y) ? 80 : 0));
  expect(range(evenLight(shaded))).toBeGreaterThan(75);
  expect(range(evenLight(shaded))).toBeLessThan(85);
});

test('evenLight does not take a 7 that touches three edges for lighting', () => {
  const seven = picture((x, y) => (y < -0.8 || Math.abs(x - 0.4 + 0.8 * y) < 0.15 ? 0 : 255));
  expect([...evenLight(seven)]).toEqual([...seven.pixels]);
});
