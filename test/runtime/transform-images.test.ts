/** Tests of affine transforms of images on both backends against the definition. */
import { expect, test } from '@jest/globals';
import { drawTransforms } from '../../src/dataset/augmentation.ts';
import { RandomGenerator } from '../../src/random.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { testWithTensorFlow } from '../support/runtimes.ts';

const [count, height, width, channels] = [3, 9, 11, 2] as const;
const BACKGROUND = -1;

const images = new Float32Array(count * height * width * channels);
RandomGenerator.seeded(3, 'augmentation').fillUniform(images, 1);

/** Value at the position (x, y) of an image, by bilinear interpolation; outside the image is the background. */
function pixelAt(image: number, x: number, y: number, channel: number): number {
  const at = (column: number, row: number) => {
    const inside = column >= 0 && column < width && row >= 0 && row < height;
    return inside ? (images[((image * height + row) * width + column) * channels + channel] ?? Number.NaN) : BACKGROUND;
  };
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - left, y - top];
  const upper = (1 - right) * at(left, top) + right * at(left + 1, top);
  return (1 - below) * upper + below * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
}

function expected(transforms: Float32Array): Float32Array {
  return images.map((_, index) => {
    const channel = index % channels;
    const x = Math.floor(index / channels) % width;
    const y = Math.floor(index / channels / width) % height;
    const image = Math.floor(index / channels / width / height);
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = transforms.subarray(image * 8);
    return pixelAt(image, a * x + b * y + c, d * x + e * y + f, channel);
  });
}

async function compare(backend: 'tensorflow' | 'wasm'): Promise<void> {
  const { tf, ops } = await openRuntime({ backend });
  for (const kind of ['shift', 'affine'] as const) {
    const transforms = drawTransforms(RandomGenerator.seeded(5, 'augmentation'), kind, count, { height, width });
    const found = tf.tidy(() => {
      const pixels = tf.tensor4d(images, [count, height, width, channels]);
      return ops.transformImages(pixels, tf.tensor2d(transforms, [count, 8]), BACKGROUND).dataSync();
    });
    const wanted = expected(transforms);
    expect(found).toHaveLength(wanted.length);
    const errors = wanted.map((value, index) => Math.abs(value - (found[index] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    expect(wanted).not.toEqual(images);
  }
}

testWithTensorFlow('transformImages on TensorFlow equals the definition', () => compare('tensorflow'));

test('transformImages on WebAssembly equals the definition', () => compare('wasm'));
