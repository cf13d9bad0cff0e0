/** Tests of the names of the files that `resnet predict --show` writes. */
import { expect, test } from '@jest/globals';
import { pictureNames } from '../../../src/report/seen/file-names.ts';

test('a file is named after its picture, and numbered if another picture has the name', () => {
  const paths = ['a.jpg', 'b/a.jpg', 'c/A.PNG', 'a.jpg', '-', '/photos/seven eight.v2.png', 'a-seen-2.jpg'];
  expect(pictureNames(paths)).toEqual([
    'a-seen.png',
    'a-seen-2.png',
    'A-seen-3.png',
    'a-seen-4.png',
    'standard-input-seen.png',
    'seven eight.v2-seen.png',
    'a-seen-2-seen.png',
  ]);
});

test.each([
  ['..', 'picture'],
  ['.hidden.jpg', 'hidden'],
  ['photos/', 'photos'],
  ['--rf.png', 'rf'],
  ['a\n\u001b[2J\u202eb.png', 'a___2J_b'],
  ['C:\\x*?"<>|.png', 'C__x______'],
  ['ziffer-für-日本.webp', 'ziffer-für-日本'],
  ['u\u0308.png', 'ü'],
])('the picture %j gets a name that is safe in every shell and file system', (path, stem) => {
  expect(pictureNames([path])).toEqual([`${stem}-seen.png`]);
});

test('a long name leaves room for the name of a temporary file, and no letter is cut in two', () => {
  const [name = '', other = ''] = pictureNames([`${'日'.repeat(80)}.png`, `${'日'.repeat(80)}x.png`]);
  expect(name).toMatch(/^日+-seen\.png$/);
  expect(Buffer.byteLength(name)).toBeLessThan(200);
  expect(other).toBe(name.replace('.png', '-2.png'));
});
