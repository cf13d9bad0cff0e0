/** Tests of where a picture goes in an image of another shape. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { placementOf } from '../../../src/image/prepare/placement.ts';
import { FITS } from '../../../src/image/prepare/preparation.ts';

describe("crop has torchvision's roundings", () => {
  test('640 × 427 is resized to 383 × 256 for 256 × 256', () => {
    const { scaled } = placementOf({ width: 640, height: 427 }, { height: 256, width: 256 }, 'crop');
    expect(scaled).toEqual({ height: 256, width: 383 });
  });

  test.each([
    [341, 58],
    [343, 60],
    [345, 60],
  ])('of %d pixels, 224 are kept from %d on', (width, left) => {
    const { window } = placementOf({ width, height: 224 }, { height: 224, width: 224 }, 'crop');
    expect(window).toEqual({ left, top: 0, height: 224, width: 224 });
  });

  test('an image that is wider than high is covered too', () => {
    const { scaled, window } = placementOf({ width: 100, height: 100 }, { height: 20, width: 50 }, 'crop');
    expect({ scaled, top: window.top }).toEqual({ scaled: { height: 50, width: 50 }, top: 15 });
  });
});

test.each([
  [
    { width: 640, height: 427 },
    { left: 0, top: 10, width: 64, height: 43 },
  ],
  [
    { width: 10_000, height: 1 },
    { left: 0, top: 32, width: 64, height: 1 },
  ],
  [
    { width: 1, height: 2 },
    { left: 16, top: 0, width: 32, height: 64 },
  ],
])('pad keeps all of a picture of %j', (from, content) => {
  expect(placementOf(from, { height: 64, width: 64 }, 'pad').content).toEqual(content);
});

test('whatever the sizes, the kept part lies in the resized picture, and the content has its size and lies in the image', () => {
  const side = fc.integer({ min: 1, max: 70_000 });
  const target = fc.integer({ min: 1, max: 1024 });
  fc.assert(
    fc.property(side, side, target, target, fc.constantFrom(...FITS), (height, width, toHeight, toWidth, fit) => {
      const to = { height: toHeight, width: toWidth };
      const { scaled, window, content } = placementOf({ height, width }, to, fit);
      expect(window.left + window.width).toBeLessThanOrEqual(scaled.width);
      expect(window.top + window.height).toBeLessThanOrEqual(scaled.height);
      expect(content.left + content.width).toBeLessThanOrEqual(toWidth);
      expect(content.top + content.height).toBeLessThanOrEqual(toHeight);
      expect([content.height, content.width]).toEqual([window.height, window.width]);
      if (fit !== 'pad') expect(content).toEqual({ left: 0, top: 0, ...to });
    }),
  );
});
