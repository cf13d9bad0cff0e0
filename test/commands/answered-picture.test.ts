/** Tests of what is printed and shown of a picture that was answered or refused. */
import { expect, test } from '@jest/globals';
import { pictureFacts, seenOf } from '../../src/commands/answered-picture.ts';

const size = { height: 2, width: 2 };
const picture = { pixels: new Uint8Array(6), height: 2, width: 3, original: { height: 20, width: 30 } };
const box = { left: 1, top: 2, width: 3, height: 4 };
const read = { path: 'b/a\u001b.png', pixels: Uint8Array.of(0, 255, 0, 255), box, picture };
const top = [{ predicted: 7, probability: 0.9931 }];
const fault = { path: read.path, problem: `${read.path}: is no digit; give another`, code: 3 };

test('an answered picture has its box, and is shown under its own name with the first answer', () => {
  const answered = { read, answer: { path: read.path, top } };
  expect(pictureFacts(answered, 'seen/a-seen.png')).toEqual({ path: read.path, top, box, shown: 'seen/a-seen.png' });
  expect(pictureFacts(answered, undefined)).toEqual({ path: read.path, top, box });
  expect(seenOf(answered, size)).toEqual({
    ...{ name: 'a\\u001b.png', picture, box, image: { ...size, pixels: read.pixels } },
    ...{ answer: '7 (99.31 %)', problem: undefined },
  });
});

test('a digit that was read and then refused keeps its box and its image, and has the reason without the name', () => {
  const refused = { read, answer: fault };
  expect(pictureFacts(refused, undefined)).toEqual({ ...fault, box });
  const seen = { box, answer: undefined, problem: 'is no digit; give another' };
  expect(seenOf(refused, size)).toMatchObject({ ...seen, image: { pixels: read.pixels } });
});

test('a picture without a digit is shown alone, and one that was not decoded or not kept is not shown', () => {
  const blank = { ...fault, picture };
  expect(seenOf({ read: blank, answer: blank }, size)).toMatchObject({ picture, box: undefined, image: undefined });
  expect(pictureFacts({ read: blank, answer: blank }, 'a-seen.png')).toEqual({ ...fault, shown: 'a-seen.png' });
  expect(seenOf({ read: fault, answer: fault }, size)).toBeUndefined();
});
