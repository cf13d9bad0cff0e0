/** Tests of what is printed and shown of a picture that was answered or refused. */
import { expect, test } from '@jest/globals';
import { pictureFacts, seenOf } from '../../../src/commands/predict/answered-picture.ts';
import { UserError } from '../../../src/errors.ts';
import { documented } from '../../../src/evaluation/json.ts';

const size = { height: 2, width: 2, channels: 1 } as const;
const picture = { pixels: new Uint8Array(6), height: 2, width: 3, original: { height: 20, width: 30 } };
const box = { left: 1, top: 2, width: 3, height: 4 };
const read = { path: 'b/a\u001b.png', pixels: Uint8Array.of(0, 255, 0, 255), box, picture };
const first = { predicted: 7, probability: 0.9931 };
const answer = { path: 'b/a\u001b.png', ...first, top: [first, { predicted: 1, probability: 0.0011 }] };
const fault = { path: read.path, problem: `${read.path}: is no digit; give another`, code: 3 };
const error = new UserError(fault.problem, fault.code);

test('an answered picture has its first answer beside all and its box, and is shown under its own name with that answer', () => {
  const answered = { read, answer };
  expect(pictureFacts(answered, 'seen/a-seen.png')).toEqual(documented({ ...answer, box, shown: 'seen/a-seen.png' }));
  expect(pictureFacts(answered, undefined)).toEqual(documented({ ...answer, box }));
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
  const blank = { ...fault, error, picture };
  expect(seenOf({ read: blank, answer: blank }, size)).toMatchObject({ picture, box: undefined, image: undefined });
  expect(pictureFacts({ read: blank, answer: blank }, 'a-seen.png')).toEqual({ ...fault, shown: 'a-seen.png' });
  expect(seenOf({ read: { ...fault, error }, answer: fault }, size)).toBeUndefined();
});

test('a picture of no class that is probable enough is shown as unknown', () => {
  const unknown = { ...answer, predicted: null, predictedName: 'unknown' };
  expect(seenOf({ read, answer: unknown }, size)?.answer).toBe('unknown');
  expect(pictureFacts({ read, answer: unknown }, undefined)).toMatchObject(
    documented({ predicted: null, top: answer.top }),
  );
});

test('a whole picture has no box, and keeps its colours', () => {
  const whole = { path: 'a.png', pixels: new Uint8Array(12), picture: { ...picture, channels: 3 as const } };
  expect(pictureFacts({ read: whole, answer }, undefined)).not.toHaveProperty('box');
  const seen = seenOf({ read: whole, answer }, { ...size, channels: 3 });
  expect(seen).toMatchObject({ box: undefined, image: { channels: 3 }, picture: { channels: 3 } });
});
