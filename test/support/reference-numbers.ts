/**
 * The numbers of the reference networks, made alike here and in reference_numbers.py, so that only results are stored.
 */

import type { ModelState } from '../../src/model/model.ts';
import { type Parameter, sizeOf } from '../../src/net/parameters.ts';
import { uniformNumbers } from './uniform-numbers.ts';

/** Numbers in single precision, as PyTorch has them. */
function numbers(seed: number, count: number): Float32Array {
  return new Float32Array(uniformNumbers(seed, count));
}

/**
 * Weights, biases and running statistics.
 *
 * @param names keys of PyTorch's state_dict: a key's place is the seed of its numbers
 */
export function referenceState(parameters: readonly Parameter[], names: readonly string[]): ModelState {
  const values = new Map<string, Float32Array>();
  for (const { name, kind, shape } of parameters) {
    if (kind === 'batchCount') continue;
    const spread = kind.endsWith('Weight') ? 2 / Math.sqrt(sizeOf(shape.slice(1))) : 1 / 2;
    const centre = kind === 'scale' || kind === 'runningVariance' ? 1 : 0;
    const value = numbers(names.indexOf(name), sizeOf(shape));
    for (let index = 0; index < value.length; index++) value[index] = value[index]! * spread + centre;
    values.set(name, value);
  }
  return { values, batchesTracked: 0 };
}

/**
 * Noise, each image of its own brightness.
 *
 * @returns [batch, side, side, channels]; PyTorch sees the same as [batch, channels, side, side]
 */
export function referenceImages(batch: number, channels: number, side: number): Float32Array {
  const nchw = numbers(1000, batch * channels * side ** 2);
  const brightness = numbers(1001, batch);
  return Float32Array.from(nchw, (_, index) => {
    const channel = index % channels;
    const pixel = Math.floor(index / channels) % side ** 2;
    const image = Math.floor(index / (channels * side ** 2));
    return nchw[(image * channels + channel) * side ** 2 + pixel]! + brightness[image]!;
  });
}
