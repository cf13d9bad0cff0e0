/** Tests of finding out of which format data are, and of reading them by it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { idxBytes } from '../../../scripts/draw-data/idx-bytes.ts';
import { detectFormat } from '../../../src/dataset/formats/detect.ts';
import { readData } from '../../../src/dataset/formats/read-data.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { tree } from './trees.ts';

const folder = temporaryFolder();
const NAMED_IDX = "IDX files like MNIST's (idx)";
const NAMED_FOLDER = 'a folder of pictures for each class (folder)';

function idxFolder(name: string): string {
  const path = tree(join(folder, name), ['train-images-idx3-ubyte'], idxBytes([1, 1, 1], [5]));
  return tree(path, ['train-labels-idx1-ubyte'], idxBytes([1], [0]));
}

function refusal(message: unknown) {
  return expect.objectContaining({ name: 'UserError', code: 3, message });
}

describe('detectFormat', () => {
  test('knows IDX files and trees of pictures by their names', async () => {
    const idx = idxFolder('idx');
    expect(await detectFormat(idx)).toBe('idx');
    expect(await detectFormat(join(idx, 'train-images-idx3-ubyte'))).toBe('idx');
    expect(await detectFormat(tree(join(folder, 'pets'), ['cat/1.jpg', 'dog/1.png', 'notes.txt']))).toBe('folder');
  });

  test('asks for --data-format where two formats fit (exit 3)', async () => {
    const path = tree(idxFolder('both'), ['cat/1.png']);
    const message = `${path}: holds ${NAMED_IDX} and ${NAMED_FOLDER}; say which with --data-format idx`;
    await expect(detectFormat(path)).rejects.toEqual(refusal(message));
    expect((await readData(path, { format: 'folder' })).classNames).toEqual(['cat']);
    expect((await readData(path, { format: 'idx' })).format).toBe('idx');
  });

  test('takes the only CSV file of a folder, whatever its name', async () => {
    const path = tree(join(folder, 'table'), ['labels.csv', 'notes.txt'], Buffer.from('file,label\n1.png,x\n'));
    expect(await detectFormat(path)).toBe('csv');
    expect((await readData(path)).classNames).toEqual(['x']);
    tree(path, ['more.csv']);
    await expect(detectFormat(path)).rejects.toEqual(refusal(expect.stringContaining('holds no data that are read')));
  });

  test('asks where one folder of pictures lies beside a CSV file: a class, or the pictures that it names?', async () => {
    const path = tree(join(folder, 'metadata'), ['images/1.png', 'images/2.png', 'labels.csv']);
    const message = `${path}: holds ${NAMED_FOLDER} and CSV files (csv); say which with --data-format folder`;
    await expect(detectFormat(path)).rejects.toEqual(refusal(message));
    expect(await detectFormat(tree(path, ['cats/1.png']))).toBe('folder');
  });

  test('says what is there where no format fits, and what is read (exit 3)', async () => {
    const strange = tree(join(folder, 'strange'), ['g', 'f', 'e', 'd.doc', 'c/', 'b.md', 'a.txt']);
    const formats = `what is read: ${NAMED_IDX}, ${NAMED_FOLDER}`;
    for (const [path, problem] of [
      [strange, 'holds no data that are read, but a.txt, b.md, c, d.doc, e and 2 more;'],
      [join(strange, 'a.txt'), 'is of no format that is read;'],
      [join(strange, 'c'), 'is an empty folder;'],
    ] as const) {
      const message = expect.stringMatching(/; what is read: [^\n]+$/);
      const error = await detectFormat(path).catch((thrown: unknown) => thrown);
      expect(error).toEqual(refusal(message));
      expect((error as Error).message).toContain(`${path}: ${problem} ${formats.slice(0, formats.indexOf(','))}`);
    }
  });

  test.each(['pets.zip', 'cifar-10-binary.tar.gz', 'letters.TGZ'])('asks to unpack %s (exit 3)', async (name) => {
    const path = tree(join(folder, `of ${name}`), [name]);
    await expect(detectFormat(join(path, name))).rejects.toEqual(
      refusal(`${path}/${name}: is an archive; unpack it, and give the folder`),
    );
    await expect(detectFormat(path)).rejects.toEqual(
      refusal(`${path}: holds the archive ${name} and no data that are read; unpack it first`),
    );
  });

  test('asks to sort pictures that are in no folder (exit 3)', async () => {
    const path = tree(join(folder, 'flat'), ['1.png', '2.png']);
    await expect(detectFormat(path)).rejects.toEqual(
      refusal(`${path}: holds pictures that are in no folder of a class; make a folder for each class`),
    );
  });

  test('refuses a path that leads to nothing (exit 3)', async () => {
    const path = join(folder, 'nothing', 'here');
    await expect(detectFormat(path)).rejects.toEqual(refusal(`${path}: no such file or folder; check its name`));
  });
});

describe('readData', () => {
  test('reads MNIST without a path, and no other format (exit 3)', async () => {
    const { format, source, parts } = await readData(undefined);
    expect([format, source, Object.keys(parts)]).toEqual(['idx', 'MNIST', ['train', 'test']]);
    const message = '--data-format folder needs data of this format: give their path';
    await expect(readData(undefined, { format: 'folder' })).rejects.toEqual(refusal(message));
  });

  test('reads what it finds at a path', async () => {
    const path = join(folder, 'found');
    mkdirSync(path);
    writeFileSync(join(path, 'mine-train-images-idx3-ubyte'), idxBytes([2, 1, 1], [5, 6]));
    writeFileSync(join(path, 'mine-train-labels-idx1-ubyte'), idxBytes([2], [0, 3]));
    expect(await readData(join(path, 'mine'))).toMatchObject({ format: 'idx', classes: 4 });
    expect(await readData(tree(join(path, 'pictures'), ['b/1.png', 'a/1.png']))).toMatchObject({
      classNames: ['a', 'b'],
    });
  });
});
