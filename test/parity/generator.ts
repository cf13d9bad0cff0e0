/**
 * Weights and images of the parity tests, computed from integers. generator.py makes the same, and gives the reasons.
 */
import type { Dataset } from '../../src/dataset/dataset.ts';
import type { ModelState } from '../../src/model/model.ts';
import { type Parameter, sizeOf } from '../../src/net/parameters.ts';
import { datasetOf } from '../support/datasets.ts';
import { uniformNumbers } from '../support/uniform-numbers.ts';

const DIFFERENT_IMAGES = 8;

/** Values of all weights and running statistics; the seed of a tensor is the place of its name among all, sorted. */
export function stateOf(parameters: readonly Parameter[]): ModelState {
  const byName = parameters.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const values = new Map<string, Float32Array>();
  for (const [seed, parameter] of byName.entries()) {
    if (parameter.kind === 'batchCount') continue;
    const scaled = uniformNumbers(seed, sizeOf(parameter.shape)).map(scalingOf(parameter));
    values.set(parameter.name, new Float32Array(scaled));
  }
  return { values, batchesTracked: 0 };
}

function scalingOf({ kind, fanIn }: Parameter): (value: number) => number {
  if (kind.endsWith('Weight')) {
    const scale = Math.sqrt(3 / fanIn);
    return (value) => value * scale;
  }
  if (kind === 'runningVariance') return (value) => 0.75 + value / 4;
  return kind === 'scale' ? (value) => 0.375 + value / 8 : (value) => value / 2;
}

/** `batch` images of side² pixels with their labels. */
export function imagesOf(seed: number, batch: number, side: number): Dataset {
  const different = Math.min(batch, DIFFERENT_IMAGES);
  const mosaic = uniformNumbers(seed, different * 16);
  const noise = uniformNumbers(seed + 1, different * side ** 2);
  const tile = (position: number) => Math.floor((position * 4) / side);
  const pixels = Uint8Array.from({ length: different * side ** 2 }, (_, index) => {
    const [image, row, column] = [Math.floor(index / side ** 2), Math.floor(index / side) % side, index % side];
    const tone = mosaic[image * 16 + tile(row) * 4 + tile(column)] ?? Number.NaN;
    return 128 + 96 * tone + 31 * (noise[(image * side + row) * side + column] ?? Number.NaN);
  });
  const images = Uint8Array.from({ length: batch * side ** 2 }, (_, index) => pixels[index % pixels.length] ?? 0);
  const labels = Uint8Array.from({ length: batch }, (_, index) => (index * 3) % 10);
  return datasetOf(images, labels, side, side);
}

/** Up to 40 of a tensor's values: far apart, and at every tap of a kernel. */
export function sampleOf(values: Float32Array): Float32Array {
  const count = Math.min(40, values.length);
  return Float32Array.from({ length: count }, (_, index) => values[(index * 1000003) % values.length] ?? Number.NaN);
}
