/** Tests of reading weights of classes from a text file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readClassWeights, weightsOfClasses } from '../../../src/dataset/formats/class-weights-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const path = join(temporaryFolder(), 'weights.txt');
const PETS = ['cat', 'dog', 'pig, guinea'];

async function weightsIn(content: string, classes: readonly string[] = PETS): Promise<number[]> {
  writeFileSync(path, content);
  return weightsOfClasses(await readClassWeights(path), classes);
}

test('numbers are weights in the order of the classes', async () => {
  expect(await weightsIn('1\n0.5\n2e1\n')).toEqual([1, 0.5, 20]);
  expect(await weightsIn('\ufeff 1\r\n0.5 \r\n.25\r\n\r\n')).toEqual([1, 0.5, 0.25]);
});

test('names tell the class in any order; the last comma of a line separates, so that a name may have commas', async () => {
  expect(await weightsIn('pig, guinea,3\ncat,1\ndog, 2\n')).toEqual([1, 2, 3]);
  expect(await weightsIn('1,5\n0,7', ['0', '1'])).toEqual([7, 5]);
});

test.each([
  ['an empty file', '', 'holds no weight; write one number for each class, a line each'],
  ['too few numbers', '1\n2\n', 'expected one number for each of the 3 classes, got 2; write one on each line'],
  ['too many numbers', '1\n2\n3\n4', 'expected one number for each of the 3 classes, got 4; write one on each line'],
  ['no number', '1\ntwo\n3\n', 'line 2: expected a number from 0.000001 to 1000000, got "two"'],
  ['an empty line', '1\n\n3\n', 'line 2: expected a number from 0.000001 to 1000000, got ""'],
  ['zero', '1\n0\n3\n', 'line 2: expected a number from 0.000001 to 1000000, got "0"'],
  ['a number whose sums overflow', '1\n2\n3e38', 'line 3: expected a number from 0.000001 to 1000000, got "3e38"'],
  ['a number whose sums are 0', '1\n2\n1e-44', 'line 3: expected a number from 0.000001 to 1000000, got "1e-44"'],
  ['a name without a number', 'cat,1\ndog,\n', 'line 2: expected a number from 0.000001 to 1000000, got ""'],
  ['a number among names', 'cat,1\n2\n', 'line 2: expected NAME,NUMBER as in line 1, got "2"'],
  ['an unknown name', 'cat,1\ndgo,2\n', 'line 2: no class is named "dgo"; the classes are cat, dog, pig, guinea'],
  ['a name twice', 'cat,1\ndog,1\ncat,2\n', 'lines 1 and 3 are both cat; give each class once'],
  ['a class without a line', 'cat,1\ndog,1\n', 'has no line for the class pig, guinea; give each class once'],
])('%s is refused by file and line (exit 3)', async (_, content, problem) => {
  await expect(weightsIn(content)).rejects.toMatchObject({ code: 3, message: `${path}: ${problem}` });
});

test('of many classes a message lists the first', async () => {
  const many = Array.from({ length: 300 }, (_, index) => `class ${index}`);
  await expect(weightsIn('x,1', many)).rejects.toThrow(
    /the classes are class 0, class 1, class 2, class 3, class 4, …$/,
  );
  expect(
    await weightsIn(
      many
        .map((name, index) => `${name},${index + 1}`)
        .reverse()
        .join('\n'),
      many,
    ),
  ).toEqual(many.map((_, index) => index + 1));
});

test('any names and numbers come back', async () => {
  const name = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]|^\ufeff/.test(text));
  const weight = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  const weights = fc.uniqueArray(fc.tuple(name, weight), { minLength: 1, selector: ([text]) => text });
  await fc.assert(
    fc.asyncProperty(weights, async (pairs) => {
      const text = pairs.map(([each, number]) => `${each},${number}\n`).reverse();
      expect(
        await weightsIn(
          text.join(''),
          pairs.map(([each]) => each),
        ),
      ).toEqual(pairs.map(([, number]) => number));
    }),
  );
});
