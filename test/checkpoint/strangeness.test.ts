/** Tests of the field of a checkpoint that says what its validation images are like. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Fail } from '../../src/checkpoint/fields.ts';
import { decodeMetadata, encodeMetadata } from '../../src/checkpoint/metadata.ts';
import { strangeness } from '../../src/checkpoint/strangeness.ts';
import { METADATA, STRANGENESS } from './example.ts';

const fail: Fail = (field, problem) => {
  throw new Error(`${field}: ${problem}`);
};

const ofTwoClasses = {
  ...METADATA,
  architecture: { ...METADATA.architecture, classes: 2 },
  strangeness: STRANGENESS,
};

/** Decodes metadata whose strangeness is this text. */
function decodedWith(json: string) {
  const encoded = { ...encodeMetadata(ofTwoClasses), 'resnet.strangeness': json };
  return decodeMetadata(new Map(Object.entries(encoded)), 'file');
}

test('strangeness comes back from the metadata as it was saved', () => {
  expect(decodeMetadata(new Map(Object.entries(encodeMetadata(ofTwoClasses))), 'file')).toEqual(ofTwoClasses);
});

test('a file without it is read', () => {
  expect(decodeMetadata(new Map(Object.entries(encodeMetadata(METADATA))), 'file')).toEqual(METADATA);
});

describe('a stored strangeness', () => {
  const { shape, energy, logits } = STRANGENESS;
  const [first, second] = shape.classes;

  test.each<[string, object]>([
    ['images: expected an integer of at least 1, got 0', { images: 0 }],
    ['limit: expected a finite number, got null', { limit: Number.NaN }],
    ['limit: is missing, expected a finite number', { limit: undefined }],
    ['energy.spread: expected a number above 0, got 0', { energy: { ...energy, spread: 0 } }],
    ['energy.spread: expected a number above 0, got -1', { energy: { ...energy, spread: -1 } }],
    ['energy.middle: expected a finite number, got "NaN"', { energy: { ...energy, middle: 'NaN' } }],
    ['shape.spread: expected a number above 0, got null', { shape: { ...shape, spread: Number.POSITIVE_INFINITY } }],
    ['shape.order: expected an integer from 0 to 27, got 28', { shape: { ...shape, order: 28 } }],
    ['shape.order: expected an integer from 0 to 27, got 0.5', { shape: { ...shape, order: 0.5 } }],
    ['shape.classes: expected a list, got "…"', { shape: { ...shape, classes: '…' } }],
    [
      'shape.classes[1].mean: 2 numbers, expected 3',
      { shape: { ...shape, classes: [first, { ...second, mean: [1, 2] }] } },
    ],
    [
      'shape.classes[0].whitening: 0 numbers, expected 6',
      { shape: { ...shape, classes: [{ ...first, whitening: [] }, second] } },
    ],
    ['shape.classes[0].mean: 3 numbers, expected 1', { shape: { ...shape, order: 0 } }],
    [
      'shape.classes[1].whitening[5]: expected a finite number, got null',
      { shape: { ...shape, classes: [first, { ...second, whitening: [1, 0, 1, 0, 0, null] }] } },
    ],
    ['shape.classes: 1, but there are 2 logits', { shape: { ...shape, classes: [first] } }],
    ['logits.classes[0].mean: 2 numbers, expected 1', { logits: { ...logits, classes: [logits.classes[0]] } }],
    [
      'logits.classes: 1, but the architecture has 2',
      {
        logits: { ...logits, classes: [{ mean: [0], whitening: [1] }] },
        shape: { ...shape, classes: [first] },
      },
    ],
  ])('is refused (exit 4): %s', (problem, changes) => {
    expect(() => decodedWith(JSON.stringify({ ...STRANGENESS, ...changes }))).toThrow(
      expect.objectContaining({ code: 4, message: `file: metadata resnet.strangeness.${problem}` }),
    );
  });

  test('that is any JSON at all is refused with its name, or is one', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({
        images: fc.jsonValue(),
        limit: fc.double(),
        energy: fc.oneof(fc.constant(energy), fc.jsonValue()),
        logits: fc.oneof(fc.constant(logits), fc.jsonValue()),
        shape: fc.oneof(fc.constant(shape), fc.jsonValue()),
      }),
    );
    fc.assert(
      fc.property(value, (any) => {
        try {
          const found = strangeness(any, 'strangeness', fail);
          expect(Number.isFinite(found.limit) && found.energy.spread > 0 && found.shape.spread > 0).toBe(true);
        } catch (error) {
          expect((error as Error).message).toMatch(/^strangeness[.:]/);
        }
      }),
    );
  });
});
