/** Small data sets, made in memory. */
import type { DatasetInMemory } from '../../src/dataset/dataset.ts';
import { RandomGenerator } from '../../src/random.ts';

export function datasetOf(pixels: Uint8Array, labels: Uint8Array, height: number, width: number): DatasetInMemory {
  const count = labels.length;
  const names = { source: 'a test', imagesFile: 'images', labelsFile: 'labels' };
  const facts = { channels: 1, classes: 10, format: 'idx', sha256: '', transposed: false } as const;
  return { pixels, labels, count, height, width, ...facts, ...names };
}

/** Ten classes of noise, each with a bright column of its own: easy to learn. */
export function columnsDataset(count: number, side: number, seed = 1): DatasetInMemory {
  const noise = new Float32Array(count * side ** 2);
  RandomGenerator.seeded(seed, 'augmentation').fillUniform(noise, 64);
  const pixels = Uint8Array.from(noise, (value) => 128 + value);
  const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
  for (const [index, label] of labels.entries()) {
    for (let row = 0; row < side; row++) pixels[(index * side + row) * side + label] = 255;
  }
  return datasetOf(pixels, labels, side, side);
}

/** The indices from `begin` on. */
export function range(begin: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => begin + index);
}
