/** Tests of the figures by which images are padded and normalised. */

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DatasetInMemory } from '../../src/dataset/dataset.ts';
import { loadDataset } from '../../src/dataset/load.ts';
import { fillAll, meanColour, measuredNormalisation } from '../../src/dataset/statistics.ts';

/** Images of one row of two pixels: red, green, blue. */
function colours(rows: readonly number[][], contents?: readonly number[][]): DatasetInMemory {
  const names = { source: 'a test', imagesFile: 'images', labelsFile: 'labels' };
  return {
    pixels: Uint8Array.from(rows.flat()),
    labels: new Uint8Array(rows.length),
    count: rows.length,
    ...{ height: 1, width: 2, channels: 3, classes: 2, format: 'folder', sha256: '', transposed: false, ...names },
    contents: contents && Int32Array.from(contents.flat()),
  };
}

test('MNIST’s training images have the mean and deviation that everyone quotes', async () => {
  const mnist = await loadDataset('train');
  expect(await measuredNormalisation(mnist, Int32Array.from(mnist.labels.keys()))).toEqual([0.1307, 0.3081]);
});

test('each channel has a mean and a deviation of its own, over the given images alone', async () => {
  const dataset = colours([
    [0, 255, 51, 255, 255, 51],
    [9, 9, 9, 9, 9, 9],
  ]);
  expect(await measuredNormalisation(dataset, Int32Array.of(0))).toEqual([0.5, 1, 0.2, 0.5, 0.001, 0.001]);
});

test('the mean colour leaves the padding out, and fills it', async () => {
  const left = [0, 0, 1, 1];
  const dataset = colours(
    [
      [10, 20, 30, 0, 0, 0],
      [20, 40, 60, 0, 0, 0],
      [100, 100, 100, 0, 0, 0],
    ],
    [left, left, left],
  );
  const colour = await meanColour(dataset, Int32Array.of(0, 1));
  expect(colour).toEqual([15, 30, 45]);
  fillAll(dataset, colour);
  expect([...dataset.pixels]).toEqual([
    ...[10, 20, 30, 15, 30, 45],
    ...[20, 40, 60, 15, 30, 45],
    ...[100, 100, 100, 15, 30, 45],
  ]);
});

test('the figures are those of NumPy: mean and population deviation of all pixels', async () => {
  const pixels = fc.uint8Array({ minLength: 6, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(pixels, { minLength: 1, maxLength: 8 }), async (rows) => {
      const dataset = colours(rows.map((row) => [...row]));
      const measured = await measuredNormalisation(dataset, Int32Array.from(rows.keys()));
      for (const channel of [0, 1, 2]) {
        const values = rows.flatMap((row) => [row[channel]! / 255, row[channel + 3]! / 255]);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        expect(Math.abs(measured[channel]! - mean)).toBeLessThan(0.000051);
        expect(Math.abs(measured[channel + 3]! - Math.max(0.001, Math.sqrt(variance)))).toBeLessThan(0.000051);
      }
    }),
  );
});
