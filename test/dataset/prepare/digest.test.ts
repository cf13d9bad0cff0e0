/** Tests of the digests of a part. */
import { describe, expect, test } from '@jest/globals';
import { countShared, digestOf } from '../../../src/dataset/prepare/digest.ts';
import { arrays, pictures } from './parts.ts';

const file = (text: string) => Buffer.from(text);

test('the first of equal pictures is the twin of the others', async () => {
  const { twins } = await digestOf(pictures(['a', 'b', 'a', 'c', 'b', 'a'].map(file)));
  expect([...twins]).toEqual([0, 1, 0, 3, 1, 0]);
});

test('equal arrays are twins', async () => {
  const { twins } = await digestOf(arrays(Uint8Array.of(1, 2, 3, 4, 1, 2), { height: 1, width: 2, channels: 1 }));
  expect([...twins]).toEqual([0, 1, 0]);
});

describe('the digest of a part', () => {
  const shape = { height: 1, width: 2, channels: 1 } as const;
  const base = arrays(Uint8Array.of(1, 2, 3, 4), shape);

  test('is the same for labels of 8 and of 16 bits', async () => {
    const wide = { ...base, labels: Uint16Array.from(base.labels) };
    expect((await digestOf(wide)).sha256).toBe((await digestOf(base)).sha256);
  });

  test.each([
    ['a label', { ...base, labels: Uint8Array.of(0, 1) }],
    ['a pixel', arrays(Uint8Array.of(1, 2, 3, 5), shape)],
    ['the order', arrays(Uint8Array.of(3, 4, 1, 2), shape)],
    ['the shape', arrays(Uint8Array.of(1, 2, 3, 4), { height: 2, width: 1, channels: 1 })],
  ])('changes with %s', async (_, other) => {
    expect((await digestOf(other)).sha256).not.toBe((await digestOf(base)).sha256);
  });

  test('is the one that the format has', async () => {
    expect((await digestOf({ ...base, sha256: 'c5' })).sha256).toBe('c5');
  });
});

test('images that are in two parts are counted', async () => {
  const one = await digestOf(pictures(['a', 'b', 'b', 'c'].map(file)));
  const other = await digestOf(pictures(['b', 'd', 'c'].map(file)));
  expect(countShared(one, other)).toBe(3);
});

describe('a picture that cannot be read', () => {
  const part = pictures([file('a'), undefined, undefined]);

  test('is refused by its name (exit 3)', async () => {
    await expect(digestOf(part)).rejects.toMatchObject({ code: 3, message: 'cat/1.png: cannot be read (EACCES)' });
  });

  test('is no twin of another where broken ones are skipped', async () => {
    expect([...(await digestOf(part, { skipBroken: true })).twins]).toEqual([0, 1, 2]);
  });
});
