/** Property tests of reading labels of IDX files. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idxBytes } from '../../../../scripts/draw-data/idx-bytes.ts';
import { classLabels, parseRawLabels } from '../../../../src/dataset/formats/idx/labels.ts';
import { bigEndian32, mutated } from '../../../support/mutations.ts';

/** Labels like QMNIST's: the class, then seven numbers of no meaning here. */
function qmnistLabels(classes: readonly number[]): Buffer {
  const values = Buffer.alloc(classes.length * 32, 0xab);
  classes.forEach((label, index) => {
    values.writeInt32BE(label, 32 * index);
  });
  return idxBytes([classes.length, 8], values, 0x0c);
}

test('the first of QMNIST’s eight columns comes back', () => {
  const classes = fc.array(fc.integer({ min: 0, max: 65_534 }), { minLength: 1 });
  fc.assert(
    fc.property(classes, (labels) => {
      expect([...parseRawLabels(qmnistLabels(labels), 'labels')]).toEqual(labels);
    }),
  );
});

test('a damaged file of labels gives labels in range, one for each image, or is refused (exit 3)', () => {
  const property = fc.property(mutated(qmnistLabels([3, 0, 9, 300]), [0, 4, 8, 12, 44].map(bigEndian32)), (bytes) => {
    try {
      const labels = classLabels(parseRawLabels(bytes, 'file'), 'file', { classes: 301, first: 0 });
      expect(labels.length).toBe(bytes.readUInt32BE(4));
      expect(labels.every((label) => label < 301)).toBe(true);
    } catch (error) {
      expect(error).toMatchObject({
        name: 'UserError',
        code: 3,
        message: expect.stringMatching(/^file: [^\n]+: found [^\n]+$/),
      });
    }
  });
  fc.assert(property, { numRuns: 500 });
});
