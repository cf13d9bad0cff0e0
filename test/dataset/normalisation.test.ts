/** Normalisation of bytes, equal to torchvision's to the last bit; and its two spellings. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  isSameNormalisation,
  normalisationOf,
  normalisationValues,
  normalisedBytes,
} from '../../src/dataset/normalisation.ts';
import { normalisation } from '../../src/value-kinds.ts';

const IMAGENET = [0.485, 0.456, 0.406, 0.229, 0.224, 0.225];

describe('normalised bytes', () => {
  // Hashes of torch.arange(256).float().div(255).sub(mean).div(std), in single precision.
  test.each([
    [[0.1307, 0.3081], '0103dbab6b16bfcaea0aa75d7377b4b22bb6792081600921bee4a17ff9c4d33e'],
    [IMAGENET, '1d8b9af12b7b391827f7c801265239e21435c7e29b4d78c6189a35e437633897'],
  ])('by %j equal those of PyTorch to the last bit, one channel after another', (values, hash) => {
    const sha256 = createHash('sha256');
    for (const table of normalisedBytes(normalisationOf(values))) sha256.update(table);
    expect(sha256.digest('hex')).toBe(hash);
  });
});

test('a normalisation is a pair of numbers, or of lists by channel, and comes back as its values', () => {
  expect(normalisationOf([0.1, 0.3])).toEqual({ mean: 0.1, std: 0.3 });
  expect(normalisationOf(IMAGENET)).toEqual({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
  for (const values of [[0.1, 0.3], IMAGENET]) expect(normalisationValues(normalisationOf(values))).toEqual(values);
  expect(normalisationValues({ mean: [0.1, 0.2], std: 0.5 })).toEqual([0.1, 0.2, 0.5, 0.5]);
});

test('two normalisations are the same if all channels get the same numbers in single precision', () => {
  const half = { mean: 0.5, std: 0.5 };
  expect(isSameNormalisation(half, { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }, 3)).toBe(true);
  expect(isSameNormalisation(half, { mean: [0.5, 0.5, 0.4], std: 0.5 }, 3)).toBe(false);
  expect(isSameNormalisation(half, { mean: 0.5, std: 0.4 }, 1)).toBe(false);
  expect(isSameNormalisation({ mean: 0.1307, std: 0.3081 }, { mean: Math.fround(0.1307), std: 0.3081 }, 1)).toBe(true);
});

test('--normalize takes finite means and positive deviations, as many of one as of the other', () => {
  for (const text of ['0.5,0.5', '-1,2', '0.485,0.456,0.406,0.229,0.224,0.225']) {
    const values = normalisation.parse(text);
    expect([text, normalisation.isValid(values), String(values)]).toEqual([text, true, text]);
  }
  for (const text of [
    '',
    '0.5',
    '0.5,0',
    '0.5,-1',
    '0.5,NaN',
    '1e39,1',
    '0,1e-50',
    '1,2,3',
    '0.5,',
    '0,0,1,0',
    'a,b',
  ]) {
    expect([text, normalisation.isValid(normalisation.parse(text))]).toEqual([text, false]);
  }
});
