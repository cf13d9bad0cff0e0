/** Words of a command line become the pictures that they name. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { findPictures } from '../../../src/evaluation/predict/picture-inputs.ts';
import { pathOfInput } from '../../../src/evaluation/predict/read-pictures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
let made = 0;

/** A folder that holds these files. */
function folderOf(...files: string[]): string {
  const folder = join(root, `folder-${made++}`);
  mkdirSync(folder);
  for (const file of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), 'x');
  }
  return folder;
}

/** The inputs of words, below a folder; a fault as its problem, without the folder's name. */
async function found(folder: string, words: readonly string[]): Promise<string[]> {
  const { inputs } = await findPictures(words);
  return inputs.map((input) =>
    typeof input !== 'string' && 'problem' in input
      ? input.problem.replaceAll(`${folder}/`, '')
      : relative(folder, pathOfInput(input)),
  );
}

test('a folder stands for the pictures in it and below, by code points; what is none is counted', async () => {
  const folder = folderOf(
    'b.png',
    'a/2.JPG',
    'B.webp',
    '\u{1f600}.png',
    '\uff21.png',
    'notes.txt',
    'more.txt',
    '.h.png',
  );
  mkdirSync(join(folder, '.git'));
  const { inputs, leftOut } = await findPictures([folder]);
  const names = ['B.webp', 'a/2.JPG', 'b.png', '\uff21.png', '\u{1f600}.png'];
  expect(inputs).toEqual(names.map((name) => join(folder, name)));
  expect(leftOut.map(({ what, count }) => `${count} ${what}`)).toEqual([
    '2 files ending in .txt',
    '1 files whose names begin with a dot',
    '1 folders whose names begin with a dot',
  ]);
});

test('links in a folder are followed, and one that leads back up is not', async () => {
  const [folder, elsewhere] = [folderOf('a.png'), folderOf('b.png')];
  symlinkSync(elsewhere, join(folder, 'link'));
  symlinkSync('..', join(folder, 'up'));
  expect(await found(folder, [folder])).toEqual(['a.png', 'link/b.png']);
});

test('a pattern stands for the files that match it, by code points, and - for itself', async () => {
  const folder = folderOf('b1.png', 'b10.png', 'b2.png', 'c.txt', 'sub/d.png', '.b3.png');
  expect(await found(folder, [join(folder, '*.png')])).toEqual(['b1.png', 'b10.png', 'b2.png']);
  expect(await found(folder, [join(folder, '**/[cd].*')])).toEqual(['c.txt', 'sub/d.png']);
  expect(await found(folder, [join(folder, '{c,b2}.*')])).toEqual(['b2.png', 'c.txt']);
  expect((await findPictures(['-'])).inputs).toEqual(['-']);
});

test('a file that exists under the very word is no pattern', async () => {
  const folder = folderOf('a[1].png', 'a1.png', 'sub[x]/b.png');
  expect(await found(folder, [join(folder, 'a[1].png')])).toEqual(['a[1].png']);
  expect(await found(folder, [join(folder, 'sub[x]')])).toEqual(['sub[x]/b.png']);
});

test('a pattern or folder without a picture is a fault at its place, and any other word stays as it is', async () => {
  const folder = folderOf('a.png', 'empty/notes.txt');
  const words = ['none*.png', 'a.png', 'empty', 'none.png', '!a.png'].map((word) => join(folder, word));
  expect(await found(folder, words)).toEqual([
    'none*.png: no file matches this pattern; check it, or name the pictures',
    'a.png',
    'empty: is a folder without a picture; give one that holds PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM',
    'none.png',
    '!a.png',
  ]);
  expect((await findPictures(['!a*'])).inputs).toEqual(['!a*']);
  const { inputs } = await findPictures([join(folder, 'empty')]);
  expect(inputs).toEqual([expect.objectContaining({ code: 3, path: join(folder, 'empty') })]);
});

test('a folder with more folders than may be looked at is a fault', async () => {
  const folder = folderOf('a/1.png', 'b/2.png', 'c/3.png');
  const { inputs } = await findPictures([folder], { mostFolders: 2 });
  expect(inputs).toEqual([expect.objectContaining({ problem: expect.stringContaining('too many folders') })]);
});

test('an aborted signal ends the search for pictures, and its reason is thrown', async () => {
  const folder = folderOf(...Array.from({ length: 50 }, (_, index) => `${index}/a/b/c/1.png`));
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('enough')));
  await expect(findPictures([folder], { signal: controller.signal })).rejects.toThrow('enough');
  await expect(findPictures([join(folder, '**/*.png')], { signal: controller.signal })).rejects.toThrow('enough');
});
