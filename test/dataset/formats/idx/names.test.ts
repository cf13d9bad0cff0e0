/** Tests of the names of IDX files. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idxNameOf } from '../../../../src/dataset/formats/idx/names.ts';

describe('idxNameOf', () => {
  test('finds prefix, part and content in any name that is put together of them', () => {
    const prefix = fc.string({ minLength: 1, unit: 'grapheme-ascii' });
    const names = fc.record({
      prefix: fc.option(prefix, { nil: undefined }),
      word: fc.constantFrom('train', 'test', 't10k'),
      holds: fc.constantFrom('images', 'labels'),
      end: fc.constantFrom('-idx3-ubyte', '.idx1-ubyte', '-idx2-int.gz', '.idx4-ubyte.gz'),
    });
    fc.assert(
      fc.property(names, ({ prefix: first, word, holds, end }) => {
        const name = `${first === undefined ? '' : `${first}-`}${word}-${holds}${end}`;
        const part = word === 'train' ? 'train' : 'test';
        expect(idxNameOf(name)).toMatchObject({ name, prefix: first ?? '', part, holds });
      }),
    );
  });

  test.each([
    'train-images-idx3-ubyte.xz',
    'train-images-idx3-float',
    'train-images',
    '-train-images-idx3-ubyte',
    'train_images-idx3-ubyte',
    'xnist-images-idx3-ubyte',
    'emnist-letters-mapping.txt',
  ])('does not know %s', (name) => {
    expect(idxNameOf(name)).toBeUndefined();
  });
});
