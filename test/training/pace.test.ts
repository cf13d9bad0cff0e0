/** Tests of the speed without first steps. */
import { expect, test } from '@jest/globals';
import { Pace } from '../../src/training/pace.ts';

test('the speed leaves out the first step of each batch size, and is not known before two more', () => {
  const pace = new Pace();
  const after = (images: number, seconds: number) => {
    pace.add(images, seconds);
    return pace.imagesPerSecond;
  };
  expect(after(64, 10)).toBeUndefined();
  expect(after(64, 1)).toBeUndefined();
  expect(after(64, 3)).toBe(32);
  expect(after(16, 10)).toBe(32); // the epoch's last batch is smaller
  expect(after(64, 4)).toBe(24);
  expect(after(16, 2)).toBe(20.8);
});
