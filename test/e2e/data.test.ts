/** `resnet data` from the command line. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { drawPets } from '../dataset/survey/pets.ts';
import { readPage } from '../support/pages.ts';
import { type Attempt, BINARY, command, resnetMany } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

let [text, json, again, foreign, missing, damaged, alone, both, noRun]: Attempt[] = [];

beforeAll(async () => {
  await drawPets(join(folder, 'pets'));
  writeFileSync(join(folder, 'notes.html'), 'of the user');
  writeFileSync(join(folder, 'names.txt'), 'dog\ncat\n');
  writeFileSync(join(folder, 'damaged.npz'), 'no archive');
  [text, json, again, foreign, missing, damaged, alone, both, noRun] = await resnetMany(
    [
      ['data', 'pets'],
      ['data', 'pets', '--json', '--html', 'seen.html', '--class-names', 'names.txt'],
      ['data', 'pets', '--html', 'seen.html'],
      ['data', 'pets', '--html', 'notes.html'],
      ['data', 'pests'],
      ['data', 'damaged.npz'],
      ['data', 'pets', '--most', '5'],
      ['data', 'pets', '--suspects', 'first', '--class-names', 'names.txt'],
      ['data', 'pets', '--suspects', 'first'],
    ],
    folder,
  );
});

test('prints what a tree of pictures holds, and ends with 0 although a picture cannot be read', () => {
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text?.stdout).toBe(`data pets, format folder: 15 images of 2 classes

class  train  test  all
─────  ─────  ────  ───
cat        5     2    7
dog        5     3    8
─────  ─────  ────  ───
all       10     5   15

height×width      train: all 48×64; test: 48×64 to 96×128, 2 different, most
                  often 48×64 (4)
files             train: png 8, jpeg 1; test: png 4, jpeg 1
colour            train: 8 of 9; test: all
unreadable        train: 1 of 10; test: none
exact duplicates  1 in train (1 with another class); 1 of test also in train
near duplicates   1 of test near one of train
left out          files ending in .txt: 1; files whose names begin with a dot: 1

1 picture that cannot be read:
  train/cat/broken.png: is damaged or cut off; copy it again, or save it as a new PNG or JPEG

exact duplicates:
  train/cat/1.png (cat) and train/dog/cat.png (dog)
  train/cat/0.png and test/cat/again.png

near duplicates:
  train/dog/2.png and test/dog/large.jpg
`);
});

test('--json prints the same as one object, with classes in the order of --class-names', () => {
  expect(json).toMatchObject({ code: 0, stderr: '' });
  const facts = JSON.parse(json?.stdout ?? '');
  expect(facts).toMatchObject({ source: 'pets', format: 'folder', images: 15, html: 'seen.html' });
  expect(facts.classNames).toEqual(['dog', 'cat']);
  expect(facts.parts[0]).toMatchObject({
    part: 'train',
    images: 10,
    unreadable: 1,
    coloured: 8,
    classes: [
      { label: 0, labelName: 'dog', images: 5 },
      { label: 1, labelName: 'cat', images: 5, unreadable: 1 },
    ],
  });
  expect(facts.exactDuplicates[0]).toMatchObject({
    parts: ['train', 'train'],
    images: 1,
    contradicting: 1,
    first: [{ images: [{ name: 'train/cat/1.png', labelName: 'cat' }, { labelName: 'dog' }], contradicts: true }],
  });
});

test('--html writes a page that loads nothing, with pictures that browsers know, and replaces it', () => {
  expect(again).toMatchObject({ code: 0 });
  expect(again?.stdout).toMatch(/\n\nseen\.html\n$/);
  const { faults, addresses, text: words } = readPage(readFileSync(join(folder, 'seen.html'), 'utf8'));
  expect(faults).toEqual([]);
  // Two images of each of three pairs, and all 14 that can be read.
  expect(addresses).toHaveLength(2 * 3 + 14);
  for (const address of addresses) expect(address).toMatch(/^data:image\/(png;base64,iVBOR|jpeg;base64,\/9j\/)/);
  expect(words).toContain('train/cat/broken.png: is damaged or cut off');
});

test('--html refuses a file of the user (exit 5) and leaves it as it is', () => {
  expect(foreign).toMatchObject({ code: 5, stdout: '' });
  expect(readFileSync(join(folder, 'notes.html'), 'utf8')).toBe('of the user');
});

test('what cannot be found, or is damaged as a whole, ends with 3 and one line', () => {
  expect(missing).toMatchObject({ code: 3, stdout: '' });
  expect(missing?.stderr).toMatch(/^resnet: pests: no such file or folder; check its name\n$/);
  expect(damaged).toMatchObject({ code: 3, stdout: '' });
  expect(damaged?.stderr.split('\n')).toHaveLength(2);
  expect(damaged?.stderr).toContain('damaged.npz');
});

test('a flag that --suspects needs is refused without it, and one that it leaves without effect with it (exit 2)', () => {
  expect(alone).toMatchObject({ code: 2, stdout: '' });
  expect(alone?.stderr).toBe('resnet: --most has no effect without --suspects RUN; leave it out\n');
  expect(both).toMatchObject({ code: 2, stdout: '' });
  expect(both?.stderr).toBe(
    'resnet: --class-names has no effect with --suspects: the run says how its data are read; leave it out\n',
  );
});

test('a run that is not there ends as in eval (exit 4)', () => {
  expect(noRun).toMatchObject({ code: 4, stdout: '' });
  expect(noRun?.stderr).toMatch(/^resnet: first: no such run or checkpoint[^\n]*\n$/);
});

test('TensorFlow is not loaded to survey data', async () => {
  const hook = join(folder, 'loaded.cjs');
  writeFileSync(
    hook,
    `const Module = require('node:module'); const load = Module._load;
     Module._load = function (name) { process.stderr.write(name + '\\n'); return load.apply(this, arguments); };`,
  );
  const words = [process.execPath, '--require', hook, BINARY, 'data', join(folder, 'pets')];
  const { code, stderr } = await command(words);
  expect(code).toBe(0);
  expect(stderr).toContain('sharp');
  expect(stderr).not.toContain('tensorflow');
  rmSync(hook);
});

test('nothing is written but the page', () => {
  expect(damaged?.written.toSorted()).toEqual(['damaged.npz', 'names.txt', 'notes.html', 'pets', 'seen.html']);
  expect(existsSync(join(folder, 'pets', '.cache'))).toBe(false);
});
