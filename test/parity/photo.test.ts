/** Crops and colours of `--augment photo` are torchvision's, which `pytorch_photo.py` wrote. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { cropMap } from '../../src/dataset/augmentation.ts';
import { type Normalisation, normalisedBytes, statisticsOf } from '../../src/dataset/normalisation.ts';
import { changedImages } from '../../src/engine/image-changes.ts';
import { GraphProgram } from '../../src/runtime/graph/program.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import type { Tensor } from '../../src/runtime/tensor.ts';
import { testWithTensorFlow } from '../support/runtimes.ts';

interface PhotoFixture {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly crop: readonly [left: number, top: number, width: number, height: number];
  readonly mirrored: boolean;
  /** Factors of brightness and of contrast. */
  readonly colours: readonly [number, number];
  /** Bytes of the picture, [height, width, channels]. */
  readonly picture: readonly number[];
  /** Pixels from 0 to 1 of the crop, enlarged and mirrored. */
  readonly cropped: readonly number[];
  /** Pixels from 0 to 1 of the whole picture, recoloured. */
  readonly recoloured: readonly number[];
}

const fixtures: PhotoFixture[] = JSON.parse(readFileSync(new URL('./photo.json', import.meta.url), 'utf8'));
function normalisationFor(channels: 1 | 3): Normalisation {
  return channels === 1 ? { mean: 0.1307, std: 0.3081 } : { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
}

/** The picture as a network gets it, [1, height, width, channels]. */
function normalised({ picture, channels }: PhotoFixture): Float32Array {
  const tables = normalisedBytes(normalisationFor(channels));
  return Float32Array.from(picture, (byte, at) => tables[at % tables.length]?.[byte] ?? Number.NaN);
}

/** A change that was drawn, and the pixels that torchvision makes by it; NaN where the two differ on purpose. */
type Drawn = readonly [changes: { readonly crops?: Float32Array; readonly colours?: Float32Array }, wanted: number[]];

/** The crop, then the colours. At the crop's edge, this tool shows half a pixel of the picture around it. */
function changesOf(fixture: PhotoFixture): readonly Drawn[] {
  const { crop, mirrored, channels, colours, cropped, recoloured, ...sides } = fixture;
  const [left, top, width, height] = crop;
  const map = cropMap({ left, top, width, height }, mirrored, sides);
  const isWhole = width === sides.width && height === sides.height;
  const inside = cropped.map((value, at) => {
    const column = Math.floor(at / channels) % sides.width;
    const [x, y] = [map[0]! * column + map[2]!, map[4]! * Math.floor(at / channels / sides.width) + map[5]!];
    const isInside = x >= left && x <= left + width - 1 && y >= top && y <= top + height - 1;
    return isWhole || isInside ? value : Number.NaN;
  });
  return [
    [{ crops: Float32Array.of(...map, 0, 0) }, inside],
    [{ colours: Float32Array.from(colours) }, [...recoloured]],
  ];
}

/** The largest difference from torchvision's pixels. */
function errorOf(found: ArrayLike<number>, wanted: readonly number[], { channels }: PhotoFixture): number {
  expect(found).toHaveLength(wanted.length);
  const { means, stds } = statisticsOf(normalisationFor(channels));
  const errors = wanted.flatMap((pixel, at) => {
    const channel = at % means.length;
    return Number.isNaN(pixel) ? [] : [Math.abs((found[at] ?? Number.NaN) * stds[channel]! + means[channel]! - pixel)];
  });
  expect(errors.length).toBeGreaterThan(wanted.length / 2);
  return Math.max(...errors);
}

/** Changes the fixture's picture, in a function that runs ops one by one or is recorded. */
function changed({ tf, ops }: Pick<Runtime, 'tf' | 'ops'>, fixture: PhotoFixture, pixels: Tensor, [drawn]: Drawn) {
  const { crops, colours } = drawn;
  const changes = {
    ...(crops ? { crops: tf.tensor2d(crops, [1, 8]) } : {}),
    ...(colours ? { colours: tf.tensor2d(colours, [1, 2]) } : {}),
  };
  return changedImages({ tf, ops }, pixels, changes, normalisationFor(fixture.channels));
}

async function compare(backend: 'tensorflow' | 'wasm'): Promise<void> {
  const { tf, ops } = await openRuntime({ backend });
  for (const fixture of fixtures) {
    const { height, width, channels } = fixture;
    for (const drawn of changesOf(fixture)) {
      const found = tf.tidy(() => {
        const pixels = tf.tensor4d(normalised(fixture), [1, height, width, channels]);
        return changed({ tf, ops }, fixture, pixels, drawn).dataSync();
      });
      expect(errorOf(found, drawn[1], fixture)).toBeLessThan(1e-5);
    }
  }
}

test('op by op on WebAssembly', () => compare('wasm'));

testWithTensorFlow('op by op on TensorFlow', () => compare('tensorflow'));

testWithTensorFlow('in a graph', async () => {
  const { tf } = await openRuntime({ backend: 'tensorflow' });
  const program = new GraphProgram(tf);
  for (const [index, fixture] of fixtures.entries()) {
    const { height, width, channels } = fixture;
    const type = { dtype: 'float32', shape: [1, height, width, channels] } as const;
    for (const [which, drawn] of changesOf(fixture).entries()) {
      const name = `photo_${index}_${which}`;
      program.add(name, { pixels: type }, ({ pixels }) => ({
        found: changed({ tf, ops: program.ops }, fixture, pixels, drawn),
      }));
      const { found } = await program.run(name, { pixels: { ...type, data: normalised(fixture) } }, ['found']);
      expect(errorOf(found.data as Float32Array, drawn[1], fixture)).toBeLessThan(1e-5);
    }
  }
  program.close();
});
