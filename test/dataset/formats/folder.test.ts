/** Tests of reading trees of pictures. */
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksLikeFolder, readFolder } from '../../../src/dataset/formats/folder.ts';
import type { FoundData, OpenPart, ReadOptions } from '../../../src/dataset/formats/found.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { PNG, tree } from './trees.ts';

const folder = temporaryFolder();
let trees = 0;

function treeOf(...paths: string[]): string {
  return tree(join(folder, `tree ${trees++}`), paths);
}

/** The pictures of a part with their classes: `{ 'cat/1.png': 'cat' }`. */
async function classesOf({ classNames }: FoundData, open: OpenPart | undefined): Promise<Record<string, string>> {
  const { labels, nameOf } = await open!();
  return Object.fromEntries([...labels].map((label, index) => [nameOf(index), classNames![label]!]));
}

function refusal(message: unknown) {
  return expect.objectContaining({ name: 'UserError', code: 3, message });
}

function reads(path: string, options: ReadOptions = {}): Promise<FoundData> {
  return readFolder(path, options);
}

describe('classes', () => {
  const ELEVEN = ['0', '1', '2', '10', '11', 'Ant', 'Zebra', 'apple', 'class_2', 'class_10', 'éclair'];

  test('are in the order that torchvision has them in', async () => {
    const data = await reads(treeOf(...ELEVEN.map((name) => `${name}/1.png`)));
    expect(data.classNames).toEqual('0 1 10 11 2 Ant Zebra apple class_10 class_2 éclair'.split(' '));
    const { labels } = await data.parts.train();
    expect([...labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(Object.keys(data.parts)).toEqual(['train']);
  });

  test('are in the order of --class-names, and the pictures stay in theirs', async () => {
    const path = treeOf(...ELEVEN.map((name) => `${name}/1.png`));
    const [usual, asked] = [await reads(path), await reads(path, { classNames: ELEVEN })];
    expect(asked.classNames).toEqual(ELEVEN);
    expect(Object.entries(await classesOf(asked, asked.parts.train))).toEqual(
      Object.entries(await classesOf(usual, usual.parts.train)),
    );
  });

  test('of other names than those of --class-names are refused with the first difference (exit 3)', async () => {
    const path = treeOf('cat/1.png', 'dog/1.png');
    for (const [classNames, problem] of [
      [['cat', 'bird', 'dog'], 'holds no class "bird", which --class-names has; remove its name'],
      [['dog'], 'holds the class "cat", which --class-names lacks; add its name'],
      [['dog', 'cat', 'cat'], '"cat" stands twice in --class-names; name each class once'],
    ] as const) {
      await expect(reads(path, { classNames })).rejects.toEqual(refusal(`${path}: ${problem}`));
    }
  });

  test('whose names would break the line are shown with escapes (exit 3)', async () => {
    const path = treeOf('cat/1.png', 'two\nlines/');
    await expect(reads(path)).rejects.toEqual(
      refusal(expect.stringMatching(/two\\u000alines: the class two\\u000alines has no picture; [^\n]+$/)),
    );
  });

  test('take the pictures of nested folders for the topmost one, and say so where all are nested', async () => {
    const data = await reads(treeOf('cat/sub1/1.png', 'cat/sub1/deep/2.png', 'dog/1.png', 'dog/x/2.png'));
    expect(await classesOf(data, data.parts.train)).toEqual({
      'cat/sub1/1.png': 'cat',
      'cat/sub1/deep/2.png': 'cat',
      'dog/1.png': 'dog',
      'dog/x/2.png': 'dog',
    });
    expect(data.notices).toEqual(['nested folders count for their top folder: cat/sub1/1.png is of the class cat']);
  });

  test('of which there is one, with folders in it, come with the advice to give that one', async () => {
    const path = treeOf('pets/cat/1.png', 'pets/dog/1.png', 'README.md');
    expect((await reads(path)).notices).toEqual([
      `nested folders count for their top folder: pets/cat/1.png is of the class pets; if its folders are the classes, give ${path}/pets`,
    ]);
  });

  test('without a picture are refused by name (exit 3)', async () => {
    const path = treeOf('cat/1.png', 'bird/', 'ant/notes.txt');
    const advice = 'put its pictures there (PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM), or remove the folder';
    await expect(reads(path)).rejects.toEqual(
      refusal(`${path}/ant: the class ant has no picture (and 1 more); ${advice}`),
    );
  });

  test('may be more than 256', async () => {
    const path = treeOf(...Array.from({ length: 300 }, (_, index) => `${index + 1000}/1.png`));
    const { labels, nameOf } = await (await reads(path)).parts.train();
    expect(labels).toEqual(Uint16Array.from({ length: 300 }, (_, index) => index));
    expect(nameOf(299)).toBe('1299/1.png');
  });

  test('may have names that JavaScript gives to its own things', async () => {
    const data = await reads(treeOf('constructor/1.png', '__proto__/1.png', 'toString/x/1.png'));
    expect(await classesOf(data, data.parts.train)).toEqual(
      Object.fromEntries(
        ['__proto__/1.png', 'constructor/1.png', 'toString/x/1.png'].map((at) => [at, at.split('/')[0]]),
      ),
    );
  });
});

describe('all pictures are kept where names only contain the name of a part', () => {
  test.each([
    ['in files', ['cat/cat_test_1.png', 'cat/cat_2.png', 'dog/dog_test_1.png', 'dog/dog_2.png']],
    ['in a class', ['crash_test/1.png', 'crash_test/2.png', 'road/1.png', 'road/2.png']],
    ['in classes', ['test/1.png', 'contest/1.png', 'training shoes/1.png', 'validated/1.png']],
    ['in all classes', ['train/1.png', 'test/1.png']],
    ['in classes of nested folders', ['test/a/1.png', 'val/a/1.png', 'other/1.png']],
    ['in a class of nested folders', ['train/steam/1.png', 'car/1.png']],
    ['in nested folders', ['a/train/1.png', 'a/test/1.png', 'b/train/1.png']],
  ])('%s', async (_, paths) => {
    const data = await reads(treeOf(...paths));
    expect(Object.keys(data.parts)).toEqual(['train']);
    expect(await classesOf(data, data.parts.train)).toEqual(
      Object.fromEntries(paths.map((at) => [at, at.split('/')[0]])),
    );
    expect(data.leftOut).toEqual([]);
  });
});

describe('parts', () => {
  test('are the folders Training and Testing, as many sets of medical pictures have them', async () => {
    const data = await reads(treeOf('Training/glioma/1.png', 'Training/none/1.png', 'Testing/none/2.png'));
    expect(data.classNames).toEqual(['glioma', 'none']);
    expect(await classesOf(data, data.parts.test)).toEqual({ 'Testing/none/2.png': 'none' });
  });

  test.each(['val', 'valid', 'validation'])('are the folders train, %s and test', async (val) => {
    const data = await reads(
      treeOf('train/cat/1.png', 'train/dog/1.png', `${val}/dog/2.png`, 'test/dog/3.png', 'test/ant/'),
    );
    expect(data.classNames).toEqual(['cat', 'dog']);
    expect(await classesOf(data, data.parts.train)).toEqual({ 'train/cat/1.png': 'cat', 'train/dog/1.png': 'dog' });
    expect(await classesOf(data, data.parts.val)).toEqual({ [`${val}/dog/2.png`]: 'dog' });
    expect(await classesOf(data, data.parts.test)).toEqual({ 'test/dog/3.png': 'dog' });
  });

  test('may be train alone, or written in other letters', async () => {
    expect((await reads(treeOf('train/cat/1.png', 'train/dog/1.png'))).classNames).toEqual(['cat', 'dog']);
    const data = await reads(treeOf('Train/cat/1.png', 'Test/cat/1.png', 'val/'));
    expect(data.classNames).toEqual(['cat']);
    expect(Object.keys(data.parts).toSorted()).toEqual(['test', 'train']);
  });

  test('have the labels of train, by name', async () => {
    const data = await reads(treeOf('train/b/1.png', 'train/a/1.png', 'train/c/1.png', 'val/c/1.png', 'val/b/1.png'));
    const { labels, nameOf } = await data.parts.val!();
    expect([...labels].map((label, index) => [nameOf(index), label])).toEqual([
      ['val/b/1.png', 1],
      ['val/c/1.png', 2],
    ]);
  });

  test('with a class that train lacks are refused by its name (exit 3)', async () => {
    const path = treeOf('train/cat/1.png', 'train/dog/1.png', 'test/dog/1.png', 'test/ant/1.png');
    const advice = 'the folders of test must have names of classes to train on; rename or remove this one';
    await expect(reads(path)).rejects.toEqual(refusal(`${path}/test/ant: the class ant is not in train; ${advice}`));
  });

  test('of which one has its pictures in no class are refused (exit 3)', async () => {
    const path = treeOf('train/cat/1.png', 'train/dog/1.png', 'test/1.png');
    const advice = 'sort them into folders as in train, or move this folder elsewhere';
    await expect(reads(path)).rejects.toEqual(
      refusal(`${path}/test: its pictures are in no folder of a class; ${advice}`),
    );
  });

  test('that are there twice are refused (exit 3)', async () => {
    const path = treeOf('train/cat/1.png', 'validation/cat/1.png', 'val/cat/1.png');
    await expect(reads(path)).rejects.toEqual(
      refusal(`${path}: val/ and validation/ would be the same part (val); keep one of them`),
    );
  });

  test('that hold no picture are said to be held out of train', async () => {
    const path = tree(join(folder, 'bare'), ['train/a/1.png', 'train/b/1.png', 'test/a/', 'val/']);
    const { parts, notices } = await readFolder(path);
    expect(Object.keys(parts)).toEqual(['train']);
    expect(notices).toEqual([`${path}: no picture in test/ and val/: images of train are held out instead`]);
  });

  test('leave out what lies beside them, and say so', async () => {
    const path = treeOf(
      'train/cat/1.png',
      'train/2.png',
      'test/cat/1.png',
      'images to test/1.png',
      'images to test/2.png',
    );
    const { notices, leftOut } = await reads(path);
    expect(notices).toEqual([
      `${path}: the parts of the data set are test/, train/; left out beside them: images to test/`,
    ]);
    expect(leftOut).toEqual([
      { what: 'pictures in folders that are no part', count: 2 },
      { what: 'pictures in no class folder', count: 1 },
    ]);
  });
});

test('what is no picture is counted', async () => {
  const path = treeOf(
    ...['cat/1.PNG', 'cat/2.JPeG', 'cat/3.jfif', 'cat/4.webp', 'cat/5.gif', 'cat/6.tif', 'cat/7.tiff', 'cat/8.avif'],
    ...[
      'cat/9.ppm',
      'cat/a.jpg',
      'cat/b.bmp',
      'cat/c.BMP',
      'cat/._1.png',
      'cat/.hidden.png',
      'cat/README',
      'cat/Thumbs.db',
    ],
    ...['.ipynb_checkpoints/1.png', '__MACOSX/cat/1.png', 'top.png', 'labels.csv', 'dog/1.png', 'cat/desktop.ini'],
  );
  const data = await reads(path);
  expect(data.classNames).toEqual(['cat', 'dog']);
  expect((await data.parts.train()).labels.length).toBe(11);
  expect(data.leftOut).toEqual([
    { what: 'files ending in .bmp', count: 2 },
    { what: 'files whose names begin with a dot', count: 2 },
    { what: 'files ending in .csv', count: 1 },
    { what: 'files named Thumbs.db', count: 1 },
    { what: 'files named desktop.ini', count: 1 },
    { what: 'files without an extension', count: 1 },
    { what: 'folders named __MACOSX', count: 1 },
    { what: 'folders whose names begin with a dot', count: 1 },
    { what: 'pictures in no class folder', count: 1 },
  ]);
});

describe('links', () => {
  test('to files and folders are followed', async () => {
    const path = treeOf('cat/1.png');
    const elsewhere = treeOf('dogs/1.png', 'dogs/sub/2.png', 'one.png');
    symlinkSync(join(elsewhere, 'dogs'), join(path, 'dog'));
    symlinkSync(join(elsewhere, 'one.png'), join(path, 'cat', 'linked.png'));
    const data = await reads(path);
    expect(await classesOf(data, data.parts.train)).toEqual({
      'cat/1.png': 'cat',
      'cat/linked.png': 'cat',
      'dog/1.png': 'dog',
      'dog/sub/2.png': 'dog',
    });
  });

  test('that lead back to a folder above are left out and counted, also through other links', async () => {
    const path = treeOf('cat/1.png', 'dog/1.png', 'dog/sub/2.png');
    symlinkSync('..', join(path, 'cat', 'up'));
    symlinkSync('/', join(path, 'cat', 'root'));
    symlinkSync('../cat', join(path, 'dog', 'cat'));
    symlinkSync('../../dog', join(path, 'dog', 'sub', 'again'));
    const data = await reads(path);
    expect(Object.keys(await classesOf(data, data.parts.train))).toEqual([
      'cat/1.png',
      'dog/1.png',
      'dog/cat/1.png',
      'dog/sub/2.png',
    ]);
    expect(data.leftOut).toEqual([{ what: 'links that lead back to a folder above', count: 5 }]);
  });

  test('between folders that make too many ways are refused (exit 3)', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const path = treeOf(...names.map((name) => `${name}/1.png`));
    for (const from of names) {
      for (const to of names) if (from !== to) symlinkSync(`../${to}`, join(path, from, to));
    }
    const message = expect.stringMatching(
      /: too many folders, each counted as often as links lead to it; remove links/,
    );
    await expect(readFolder(path, {}, 100)).rejects.toMatchObject({ code: 3, message });
    expect((await (await readFolder(path)).parts.train()).labels.length).toBe(325); // 5 · (1 + 4 + 4·3 + 4·3·2 + 4·3·2)
  });

  test('that are broken are a fault of the picture, or of the folder (exit 3)', async () => {
    const path = treeOf('cat/1.png');
    symlinkSync('gone.png', join(path, 'cat', '2.png'));
    const { images } = await (await reads(path)).parts.train();
    if (images.kind !== 'pictures') throw new Error('a tree holds pictures');
    expect(await images.read(0)).toEqual(PNG);
    await expect(images.read(1)).rejects.toEqual(
      refusal(`${path}/cat/2.png: is a link to gone.png, which does not exist; name the picture itself`),
    );
    symlinkSync('nowhere', join(path, 'dog'));
    await expect(reads(path)).rejects.toEqual(
      refusal(`${path}/dog: is a link to nowhere, which does not exist; remove it, or restore its target`),
    );
  });
});

test('a folder that may not be read is refused by name (exit 3)', async () => {
  const path = treeOf('cat/1.png', 'dog/1.png', 'ant/1.png');
  for (const name of ['dog', 'cat']) chmodSync(join(path, name), 0);
  for (const open of [folder, path]) chmodSync(open, 0o755);
  const isRoot = process.getuid?.() === 0; // whom permissions do not stop
  if (isRoot) process.seteuid?.(65534);
  const result = await reads(path).catch((error: unknown) => error);
  if (isRoot) process.seteuid?.(0);
  for (const name of ['dog', 'cat']) chmodSync(join(path, name), 0o755);
  const message = expect.stringMatching(/\/(cat|dog): this folder cannot be read \(EACCES\); check its permissions$/);
  expect(result).toMatchObject({ code: 3, message });
});

test('a folder without folders, a file and nothing at all are refused (exit 3)', async () => {
  const flat = treeOf('1.png');
  const advice = 'make a folder for each class, and put its pictures there';
  await expect(reads(flat)).rejects.toEqual(refusal(`${flat}: holds no folder of a class; ${advice}`));
  const file = join(flat, '1.png');
  await expect(reads(file)).rejects.toEqual(
    refusal(`${file}: is no folder; give the folder that holds the folders of classes`),
  );
  const nowhere = join(flat, 'nowhere');
  await expect(reads(nowhere)).rejects.toEqual(refusal(`${nowhere}: no such file or folder; check its name`));
});

test('a name that is not UTF-8 is refused (exit 3)', async () => {
  const path = treeOf('cat/1.png');
  writeFileSync(Buffer.concat([Buffer.from(join(path, 'cat', 'caf')), Buffer.of(0xe9), Buffer.from('.png')]), PNG);
  await expect(reads(path)).rejects.toEqual(
    refusal(`${path}/cat/caf\ufffd.png: this name is not written in UTF-8; rename the file`),
  );
});

test('looksLikeFolder asks for a picture in a folder', async () => {
  expect(await looksLikeFolder(treeOf('a/', 'b/deep/1.png'))).toBe(true);
  expect(await looksLikeFolder(treeOf('1.png', 'a/.1.png', '.b/1.png', 'c/1.txt'))).toBe(false);
  expect(await looksLikeFolder(join(treeOf('a/1.png'), 'a', '1.png'))).toBe(false);
});

test('any tree of classes gives all its pictures under their classes, in the order of their paths by code points', async () => {
  const names = fc.stringMatching(/^[a-cA-C0-9_é\uff5e\u{1f600} -]{1,4}$/u).filter((name) => name.trim() !== '');
  const paths = fc.uniqueArray(fc.tuple(names, fc.array(names, { maxLength: 2 }), names), {
    minLength: 1,
    maxLength: 8,
  });
  const bytes = (text: string) => Buffer.from(text); // UTF-8 has the order of code points
  await fc.assert(
    fc.asyncProperty(paths, async (parts) => {
      const all = [...new Set(parts.map(([top, middle, name]) => [top, ...middle, `${name}.png`].join('/')))];
      const data = await reads(treeOf(...all));
      const byBytes = (a: string, b: string) => Buffer.compare(bytes(a), bytes(b));
      expect(data.classNames).toEqual([...new Set(all.map((path) => path.split('/')[0]!))].toSorted(byBytes));
      expect(Object.entries(await classesOf(data, data.parts.train))).toEqual(
        all.toSorted(byBytes).map((path) => [path, path.split('/')[0]]),
      );
    }),
    { numRuns: 40 },
  );
});

test('a signal that is aborted while folders are listed ends that, and its reason is thrown', async () => {
  const path = treeOf(...Array.from({ length: 50 }, (_, index) => `${index}/a/b/c/1.png`));
  for (const work of [readFolder, (folder: string, { signal }: ReadOptions) => looksLikeFolder(folder, signal)]) {
    const controller = new AbortController();
    const working = work(path, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(working).rejects.toThrow('enough');
  }
});
