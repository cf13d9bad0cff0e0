/** Reads CSV files of picture files and of pixels: those that pandas wrote, others that people have, and damaged ones. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { looksLikeCsv, readCsv } from '../../../src/dataset/formats/csv.ts';
import { LIMITS } from '../../../src/dataset/formats/limits.ts';
import { mutated } from '../../support/mutations.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { EXPECTED, expectRefused, file, part, picturesOf, pixelsOf, readOrRefused, sha256 } from './support.ts';

const folder = temporaryFolder();
let folders = 0;

/** A folder of files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = join(folder, `${folders++}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** Path of a CSV file with a text. */
const csvOf = (text: string | Uint8Array) => join(folderOf({ 'data.csv': text }), 'data.csv');

describe('rows of files', () => {
  test("pandas's file: names of classes are sorted, that is said, and the split is obeyed", async () => {
    const path = folderOf({ 'list.csv': readFileSync(file('list.csv'), 'utf8'), 'a.png': 'A', 'sub/b, c.png': 'B' });
    const data = await readCsv(join(path, 'list.csv'));
    expect(data).toMatchObject({ format: 'csv', classNames: ['ant', 'zebra'], leftOut: [] });
    expect(data.notices).toEqual(['labels are names: classes are in the order of their names: ant, zebra']);
    expect(Object.keys(data.parts)).toEqual(['train', 'test']);
    const train = await part(data);
    expect([...train.labels]).toEqual([1, 0]);
    expect(train.nameOf(1)).toBe('sub/b, c.png');
    expect((await picturesOf(train)).map(String)).toEqual(['A', 'B']);
    expect((await picturesOf(await part(data, 'test'))).map(String)).toEqual(['A']);
  });

  test('classes are in the order of their code points, or in that of the names given', async () => {
    const text = `file,label\n${['\u{1f600}', '\uff21', 'é', 'b', 'A', '10', '2'].map((label) => `x,${label}`).join('\n')}\n`;
    expect((await readCsv(csvOf(text))).classNames).toEqual(['10', '2', 'A', 'b', 'é', '\uff21', '\u{1f600}']);
    const data = await readCsv(csvOf('file,label\nx,b\nx,a\n'), { classNames: ['b', 'a'] });
    expect(data).toMatchObject({ classNames: ['b', 'a'], notices: [] });
    expect([...(await part(data)).labels]).toEqual([0, 1]);
  });

  test.each([
    ['a given name is missing', ['a'], /holds the class "b", which --class-names lacks; add its name/],
    ['a given name is not in the data', ['a', 'b', 'c'], /holds no class "c", which --class-names has/],
    ['a name is given twice', ['a', 'b', 'a'], /"a" stands twice in --class-names/],
  ])('are refused where %s', async (_, classNames, message) => {
    await expectRefused(readCsv(csvOf('file,label\nx,b\nx,a\n'), { classNames }), message);
  });

  test('labels of digits are numbers, also as pandas writes a column with gaps; 007 is a name', async () => {
    const data = await readCsv(csvOf('file,label\nx,3.0\ny,0.0\n'), { classNames: ['n', 'o', 'p', 'q'] });
    expect(data.classNames).toEqual(['n', 'o', 'p', 'q']);
    expect([...(await part(data)).labels]).toEqual([3, 0]);
    expect((await readCsv(csvOf('file,label\nx,007\ny,0\n'))).classNames).toEqual(['0', '007']);
  });

  test('more than 256 classes have labels of 16 bits', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `x,class ${String(i).padStart(3, '0')}`);
    const data = await readCsv(csvOf(`file,label\n${rows.join('\n')}\n`));
    expect((await part(data)).labels).toEqual(Uint16Array.from(rows.keys()));
  });

  test('columns are found by their usual names in any case, or by those given; tabs and semicolons are read', async () => {
    expect((await readCsv(csvOf('\ufeffTarget;Path;Subset\n1;x;train\n\n2;y;Validation\n'))).parts).toHaveProperty(
      'val',
    );
    const data = await readCsv(csvOf('a\tb\tc\tlabel\nx\tdog\ttesting\t1\ny\tcat\ttraining\t2\ny\tdog\ttrain\t2\n'), {
      columns: { file: 'a', label: 'b', split: 'c' },
    });
    expect(data.classNames).toEqual(['cat', 'dog']);
    expect([...(await part(data, 'test')).labels]).toEqual([1]);
  });

  test('a folder of train.csv and test.csv is one data set; paths may leave the folder', async () => {
    const path = folderOf({ 'a/train.csv': 'file,label\n../b.png,x\n', 'a/digits_test.csv': '', 'b.png': 'B' });
    writeFileSync(join(path, 'a/digits_test.csv'), `file,label\n${join(path, 'b.png')},x\n`);
    expect(await looksLikeCsv(join(path, 'a'))).toBe(true);
    expect(await looksLikeCsv(path)).toBe(false);
    const data = await readCsv(join(path, 'a'));
    expect((await picturesOf(await part(data))).map(String)).toEqual(['B']);
    expect((await picturesOf(await part(data, 'test'))).map(String)).toEqual(['B']);
  });

  test.each([
    ['a row without a label', 'file,label\na,1\nb,\n', /data\.csv: line 3: b has no label; give/],
    ['a row without a file', 'file,label\n\n,1\n', /data\.csv: line 3: names no file/],
    [
      'an unknown part',
      'file,label,split\na,1,train\nb,1,dev\n',
      /line 3: belongs to "dev", expected train, val or test/,
    ],
    [
      'a class that only the test part has',
      'file,label,split\na,x,train\nb,y,test\n',
      /line 3: the class "y" has no pictures/,
    ],
    [
      'a row too short',
      'file,label\na,1\nb\n',
      /as CSV: expected 2 cells as in the first row, got 1 on line 3; correct/,
    ],
    [
      'a row too short after quotes',
      'file,label\n"a",1\nb\n',
      /as CSV: expected 2 cells as in the first row, got 1 on line 3; correct/,
    ],
    ['a quote that does not end', 'file,label\n"a,1\nb,2\n', /cannot be read as CSV: .*Quote/],
    ['no labels', 'id,file\n1,a\n', /has no column of labels, only id, file; name/],
    ['no known columns', 'x,y,z\na,b,c\n', /has the columns x, y, z; expected file and label.*--label-column$/],
    ['no rows', 'file,label\n', /names no pictures to train on/],
    ['nothing', '', /holds no rows/],
  ])('refused is a file with %s', async (_, text, message) => {
    await expectRefused(readCsv(csvOf(text)), message);
  });

  test.each([
    ["Windows's own code", Buffer.from('file,label\na,caf\xe9\nb,caf\xe8\n', 'latin1')],
    ["Windows's own code, behind quotes", Buffer.from('file,label\n"a",caf\xe9\n', 'latin1')],
    ['UTF-8 whose last character is cut off', Buffer.from('file,label\na,caf\xc3', 'latin1')],
  ])('refused is a file in %s, in which names of classes could become the same', async (_, text) => {
    await expectRefused(readCsv(csvOf(text)), /data\.csv: is no text in UTF-8; save it as UTF-8$/);
  });

  test('a column that was asked for must be there', async () => {
    await expectRefused(
      readCsv(csvOf('a,label\nx,1\n'), { columns: { file: 'b' } }),
      /has no column "b", only a, label/,
    );
  });

  test.each([
    ['is missing', 'gone.png', /data\.csv: line 2: .*gone\.png: no such file; check the path/],
    ['is a folder', '.', /line 2: .*: is a folder; give a file/],
    ['is a named pipe, which would wait for ever', 'pipe', /line 2: .*pipe: is a device; give a file/],
    ['is too large', 'data.csv', /data\.csv: holds 2\d bytes, at most 10 are read/],
  ])('a picture that %s is refused by line when it is read', async (_, name, message) => {
    const path = csvOf(`file,label\n${name},1\n`);
    if (name === 'pipe') execFileSync('mkfifo', [join(path, '..', 'pipe')]);
    const data = await readCsv(path, {}, { ...LIMITS, pictureBytes: 10 });
    await expectRefused(picturesOf(await part(data)), message);
  });
});

describe('rows of pixels', () => {
  test("Kaggle's files: train.csv is read, test.csv has no labels and is not used", async () => {
    const data = await readCsv(file('kaggle'));
    expect(data.notices).toEqual(['test.csv has no column of labels: it is not used']);
    expect(Object.keys(data.parts)).toEqual(['train']);
    const train = await part(data);
    expect([...train.labels]).toEqual(EXPECTED['kaggle/train.csv']!.labels);
    expect(pixelsOf(train)).toMatchObject({ height: 5, width: 5, channels: 1 });
    expect(sha256(pixelsOf(train).pixels)).toBe(EXPECTED['kaggle/train.csv']!.images);
    expect(train.nameOf(2)).toBe('train.csv line 4');
  });

  test("Kaggle's test.csv alone is refused by name", async () => {
    const message = /kaggle\/test\.csv: has no column of labels, only pixel0, .*, …; name it with --label-column$/;
    await expectRefused(readCsv(file('kaggle/test.csv')), message);
  });

  test('three times a square is a coloured image; the label may stand last; names such as 1x1 are pixels', async () => {
    const train = await part(await readCsv(csvOf('1x1,1x2,1x3,label\n1,2,3,1\n4,5,255,0\n')));
    expect(pixelsOf(train)).toMatchObject({
      height: 1,
      width: 1,
      channels: 3,
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 255),
    });
    expect([...train.labels]).toEqual([1, 0]);
  });

  test('a file without names of columns is read, and that is said', async () => {
    const data = await readCsv(csvOf('5,0,1,2,3\n2,4,5,6,7\n'));
    expect(data.notices).toEqual(['data.csv has no names of columns: the first column is the label']);
    expect([...(await part(data)).labels]).toEqual([5, 2]);
  });

  test.each([
    ['a pixel above 255', 'label,p0\n1,0\n1,256\n', /line 3: column 2 holds "256", expected a pixel from 0 to 255/],
    ['a negative pixel', 'label,p0\n1,-1\n', /line 2: column 2 holds "-1"/],
    ['a pixel that is empty', 'label,p0\n1,\n', /line 2: column 2 holds ""/],
    ['a fraction', 'label,p0\n1,0.5\n', /line 2: column 2 holds "0\.5"/],
    ['a label that is no number', 'label,p0\nA,1\n', /line 2: label "A", expected a whole number from 0/],
    ['a number of pixels that is no square', 'label,p0,p1\n1,2,3\n', /has 2 columns of pixels, expected n² of/],
    ['no images', 'label,p0\n', /holds no images/],
  ])('refused is a file with %s', async (_, text, message) => {
    await expectRefused(
      readCsv(csvOf(text)).then((data) => part(data)),
      message,
    );
  });

  test('more than allowed is refused while it is read', async () => {
    const path = csvOf(`label,p0\n${'1,1\n'.repeat(20)}`);
    await expectRefused(
      readCsv(path, {}, { ...LIMITS, rows: 10 }).then((data) => part(data)),
      /more than 10 images/,
    );
    await expectRefused(
      readCsv(csvOf(`label,p0\n"${'x'.repeat(300)}`), {}, { ...LIMITS, lineCharacters: 100 }).then((data) =>
        part(data),
      ),
      /CSV: line 2 has more than 100 characters; correct/,
    );
    await expectRefused(
      readCsv(csvOf(`label,p0\n1,${'1'.repeat(300)}`), {}, { ...LIMITS, lineCharacters: 100 }).then((data) =>
        part(data),
      ),
      /CSV: line 2 has more than 100 characters; correct/,
    );
  });
});

test.each(['\n', '\r\n', '\r'])('lines that end in %j are read wherever a chunk of 65,536 bytes ends', async (end) => {
  for (const shift of [-2, -1, 0, 1]) {
    const head = ['file,label', `${'x'.repeat(65_536 + shift - 13 - 2 * end.length)},7`].join(end);
    const data = await readCsv(csvOf(`${[head, 'b,8', '', 'c,9'].join(end)}${end}`));
    expect([...(await part(data)).labels]).toEqual([7, 8, 9]);
  }
});

test('any images are read back as they were written', async () => {
  const cases = fc.integer({ min: 1, max: 4 }).chain((side) => {
    const image = fc.tuple(fc.nat(300), fc.array(fc.nat(255), { minLength: side * side, maxLength: side * side }));
    return fc.tuple(fc.constant(side), fc.array(image, { minLength: 1, maxLength: 5 }), fc.constantFrom('\n', '\r\n'));
  });
  const property = fc.asyncProperty(cases, async ([side, images, end]) => {
    const head = ['label', ...Array.from({ length: side * side }, (_, i) => `pixel${i}`)].join(',');
    const rows = images.map(([label, pixels]) => [label, ...pixels].join(','));
    const train = await part(await readCsv(csvOf([head, ...rows, ''].join(end))));
    expect([...train.labels]).toEqual(images.map(([label]) => label));
    expect([...pixelsOf(train).pixels]).toEqual(images.flatMap(([, pixels]) => pixels));
  });
  await fc.assert(property, { numRuns: 30 });
});

test('any names of files and classes are read back, quoted where they need it', async () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((each) => `x${each.trim()}x`);
  const rows = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 6 });
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const property = fc.asyncProperty(rows, async (pairs) => {
    const lines = pairs.map((pair) => pair.map(quoted).join(','));
    const data = await readCsv(csvOf(['file,label', ...lines].join('\n')));
    const train = await part(data);
    expect(pairs.map((_, i) => train.nameOf(i))).toEqual(pairs.map(([name]) => name));
    expect([...train.labels].map((label) => data.classNames?.[label])).toEqual(pairs.map(([, label]) => label));
  });
  await fc.assert(property, { numRuns: 40 });
});

test('a file in UTF-16, as Excel writes "Unicode text", is read', async () => {
  const path = csvOf('');
  writeFileSync(path, Buffer.from('\ufefffile\tlabel\r\na\té\r\nb\tcat\r\n', 'utf16le'));
  const data = await readCsv(path);
  expect(data.classNames).toEqual(['cat', 'é']);
  expect([...(await part(data)).labels]).toEqual([1, 0]);
});

test.each(['kaggle/train.csv', 'list.csv'])('a damaged %s is refused, or read in time', async (name) => {
  const valid = readFileSync(file(name));
  const start = { at: 0, encode: (value: bigint) => Buffer.from(String(value)) };
  const property = fc.asyncProperty(mutated(valid, [start]), async (bytes) => {
    const path = csvOf('');
    writeFileSync(path, bytes);
    const found = await readOrRefused(async () => part(await readCsv(path)));
    if (found?.images.kind !== 'pixels') return;
    const { pixels, height, width, channels } = found.images;
    expect(pixels).toHaveLength(found.labels.length * height * width * channels);
  });
  await fc.assert(property, { numRuns: 100 });
});
