/** Tests of the table of answers to pictures. */
import { expect, test } from '@jest/globals';
import { answersTable, type PictureAnswer } from '../../../bench/pictures/answers.ts';

test('a row counts right, refused, wrong and sure answers; where no digit is shown, every guess is wrong', () => {
  const thumb = { kind: 'thumb', path: 'a.jpeg', label: 7 };
  const letter = { kind: 'letter', path: 'b.jpeg', label: undefined };
  const answers: PictureAnswer[] = [
    { ...thumb, guess: 7, probability: 0.6 },
    { ...thumb, guess: 1, probability: 0.81 },
    { ...thumb, guess: 1, probability: 0.8 },
    { ...thumb, problem: 'a.jpeg: is blank' },
    { ...letter, guess: 4, probability: 0.9 },
    { ...letter, problem: 'b.jpeg: is no digit' },
  ];
  expect(answersTable(['letter', 'thumb'], answers).trim().split('\n')).toEqual([
    '| kind | pictures | right | refused | wrong | wrong and sure |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    '| letter | 2 |  | 1 | 1 | 1 |',
    '| thumb | 4 | 1 | 1 | 2 | 1 |',
  ]);
});
