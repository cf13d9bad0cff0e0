/** Tests of affine transforms of images on both backends against the definition. */
import { expect, test } from '@jest/globals';
import { drawChanges } from '../../src/dataset/augmentation.ts';
import { RandomGenerator } from '../../src/random.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { testWithTensorFlow } from '../support/runtimes.ts';

const [count, height, width, channels] = [3, 9, 11, 2] as const;
const BACKGROUND = -1;

const images = new Float32Array(count * height * width * channels);
RandomGenerator.seeded(3, 'augmentation').fillUniform(images, 1);

/** What is outside an image. */
type Outside = number | 'edge';

/** Value at the position (x, y) of an image, by bilinear interpolation. */
function pixelAt(image: number, x: number, y: number, channel: number, outside: Outside): number {
  const at = (column: number, row: number) => {
    const [nearColumn, nearRow] = [Math.min(Math.max(column, 0), width - 1), Math.min(Math.max(row, 0), height - 1)];
    if (outside !== 'edge' && (nearColumn !== column || nearRow !== row)) return outside;
    return images[((image * height + nearRow) * width + nearColumn) * channels + channel] ?? Number.NaN;
  };
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - left, y - top];
  const upper = (1 - right) * at(left, top) + right * at(left + 1, top);
  return (1 - below) * upper + below * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
}

function expected(transforms: Float32Array, outside: Outside): Float32Array {
  return images.map((_, index) => {
    const channel = index % channels;
    const x = Math.floor(index / channels) % width;
    const y = Math.floor(index / channels / width) % height;
    const image = Math.floor(index / channels / width / height);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = transforms.subarray(image * 8);
    return pixelAt(image, a * x + b * y + c, d * x + e * y + f, channel, outside);
  });
}

async function compare(backend: 'tensorflow' | 'wasm'): Promise<void> {
  const { tf, ops } = await openRuntime({ backend });
  const transformed = (transforms: Float32Array, outside: Outside) =>
    tf.tidy(() => {
      const pixels = tf.tensor4d(images, [count, height, width, channels]);
      return ops.transformImages(pixels, tf.tensor2d(transforms, [count, 8]), outside).dataSync();
    });
  for (const [kind, outside] of [
    ['shift', BACKGROUND],
    ['affine', BACKGROUND],
    ['affine', 'edge'],
    ['photo', 'edge'],
  ] as const) {
    const { transforms, crops = transforms } = drawChanges(generator(), kind, count, { height, width });
    const maps = crops ?? new Float32Array();
    const found = transformed(maps, outside);
    const wanted = expected(maps, outside);
    expect(found).toHaveLength(wanted.length);
    const errors = wanted.map((value, index) => Math.abs(value - (found[index] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    expect(wanted).not.toEqual(images);
  }
  // A flip interpolates nothing: every value is one of the image, to the last bit.
  const { crops = new Float32Array() } = drawChanges(generator(), 'flip', count, { height, width });
  expect(new Set(crops)).toContain(-1);
  expect(new Float32Array(transformed(crops, 'edge'))).toEqual(expected(crops, 'edge'));
}

function generator(): RandomGenerator {
  return RandomGenerator.seeded(5, 'augmentation');
}

testWithTensorFlow('transformImages on TensorFlow equals the definition', () => compare('tensorflow'));

test('transformImages on WebAssembly equals the definition', () => compare('wasm'));
