/** Tests of cutting an order of images into batches and gathering pixels and labels. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { batchesOf, gatherLabels, gatherPixels } from '../../src/dataset/batches.ts';
import { datasetOf } from '../support/datasets.ts';

function sizes(imageCount: number, batchSize: number): number[] {
  return batchesOf(new Int32Array(imageCount), batchSize).map((batch) => batch.length);
}

describe('batchesOf', () => {
  test('makes batches of one size and keeps the last, partial batch', () => {
    expect(sizes(12, 4)).toEqual([4, 4, 4]);
    expect(sizes(14, 4)).toEqual([4, 4, 4, 2]);
    expect(sizes(3, 4)).toEqual([3]);
    expect(sizes(0, 4)).toEqual([]);
  });

  test('adds a single image at the end to the batch before it', () => {
    expect(sizes(13, 4)).toEqual([4, 4, 5]);
    expect(sizes(5, 4)).toEqual([5]);
    expect(sizes(3, 2)).toEqual([3]);
  });

  test('makes batches of one image if the batch size or the number of images is 1', () => {
    expect(sizes(3, 1)).toEqual([1, 1, 1]);
    expect(sizes(1, 4)).toEqual([1]);
  });

  test('puts every image into one batch and keeps the order', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 20 }), (imageCount, batchSize) => {
        const order = Int32Array.from({ length: imageCount }, (_, i) => i * 7);
        const batches = batchesOf(order, batchSize);
        expect(batches.flatMap((batch) => [...batch])).toEqual([...order]);
        if (batchSize > 1 && imageCount > 1) for (const batch of batches) expect(batch.length).toBeGreaterThan(1);
      }),
    );
  });
});

describe('gathering a batch', () => {
  test('returns pixels and labels in the order of the indices', () => {
    const data = datasetOf(Uint8Array.of(0, 0, 255, 255, 0, 255), Uint8Array.of(4, 5, 6), 1, 2);
    expect([...gatherPixels({ pixels: data.pixels, rows: Int32Array.of(1, 2, 1, 0) }, 2)]).toEqual([
      1, 1, -1, 1, 1, 1, -1, -1,
    ]);
    expect([...gatherLabels(data, Int32Array.of(1, 2, 1, 0))]).toEqual([5, 6, 5, 4]);
  });

  test('normalises pixels as (p / 255 − 0.5) / 0.5 in single precision, equal to numpy to the last bit', () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const pixels = gatherPixels({ pixels: every, rows: Int32Array.of(0) }, 16 * 16);
    const digest = createHash('sha256').update(new Uint8Array(pixels.buffer)).digest('hex');
    expect(digest).toBe('d15e8ce72284446496a6de66e8a4795818530b44cd2c3dd415077364535c3c1a');
  });
});
