/** How a checkpoint's model reads pictures. */
import { expect, test } from '@jest/globals';
import type { CheckpointMetadata } from '../../../src/checkpoint/metadata.ts';
import { pictureModelOf } from '../../../src/evaluation/predict/picture-model.ts';
import { METADATA, STRANGENESS } from '../../checkpoint/example.ts';

const noState = { values: new Map(), batchesTracked: 0 };

/** The model of a file with these fields in its metadata, or of a file of another tool. */
function modelOf(
  fields: Partial<CheckpointMetadata> | 'foreign',
  { channels = 1, ...request }: { channels?: number } & Partial<Parameters<typeof pictureModelOf>[0]> = {},
) {
  const architecture = { ...METADATA.architecture, depth: 18, variant: 'lesson', stem: 'imagenet', channels } as const;
  const metadata = fields === 'foreign' ? undefined : { ...METADATA, architecture, ...fields };
  const file = { architecture, metadata, state: noState, checksum: undefined };
  return pictureModelOf({ checkpoint: 'c.safetensors', file, notice: () => {}, ...request });
}

const COLOURED: Partial<CheckpointMetadata> = {
  input: [3, 48, 64],
  classNames: Array.from({ length: 10 }, (_, index) => `class ${index}`),
  preparation: { as: 'picture', fit: 'crop', fill: [1, 2, 3] },
};

test('a model of digits looks for a digit, also one that says so, and refuses what is unlike its images', () => {
  const digits = { whole: undefined, size: { height: 28, width: 28 }, channels: 1, strangeness: STRANGENESS };
  expect(modelOf({ strangeness: STRANGENESS })).toMatchObject(digits);
  const said = { preparation: { as: 'digit', fit: 'pad', fill: [0] } } as const;
  expect(modelOf({ ...said, strangeness: STRANGENESS })).toMatchObject(digits);
  expect(modelOf('foreign')).toMatchObject({ whole: undefined, size: { height: 28, width: 28 } });
});

test('a model of whole pictures prepares them as its training did, and refuses none', () => {
  const model = modelOf({ ...COLOURED, strangeness: STRANGENESS }, { channels: 3 });
  expect(model).toMatchObject({
    whole: { fit: 'crop', fill: [1, 2, 3] },
    size: { height: 48, width: 64 },
    channels: 3,
  });
  expect([model.classNames?.[9], model.strangeness]).toEqual(['class 9', undefined]);
  const other = modelOf(COLOURED, { channels: 3, imageSize: { height: 32, width: 16 } });
  expect(other.size).toEqual({ height: 32, width: 16 });
});

test('what a file does not say is taken to be usual: 224 × 224 pixels, the mean colour around pictures', () => {
  const foreign = modelOf('foreign', { channels: 3, normalize: [0.5, 0.25, 2, 0.1, 0.1, 0.1] });
  expect(foreign.whole).toEqual({ fit: 'pad', fill: [128, 64, 255] });
  expect(foreign.size).toEqual({ height: 224, width: 224 });
  const whole = modelOf({ strangeness: STRANGENESS }, { as: 'picture' });
  expect(whole).toMatchObject({ whole: { fit: 'pad', fill: [128] }, size: { height: 28, width: 28 } });
  expect(whole.strangeness).toBeUndefined();
});

test('what cannot be is refused: digits in colour, their size, and other channels', () => {
  const digit = '--as digit: the network of c.safetensors reads 3 channels, but digits are read as grey; leave it out';
  expect(() => modelOf(COLOURED, { channels: 3, as: 'digit' })).toThrow(digit);
  expect(() => modelOf({}, { imageSize: { height: 32, width: 32 } })).toThrow(/^--image-size: digits are read at/);
  expect(() => modelOf('foreign', { channels: 4 })).toThrow(/^c\.safetensors: its network reads 4 channels, but/);
});
