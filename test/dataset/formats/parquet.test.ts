/** Reads Parquet files as the Hub, Polars, pandas and pyarrow write them, and damaged ones. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../src/dataset/formats/limits.ts';
import { looksLikeParquet, readParquet } from '../../../src/dataset/formats/parquet.ts';
import { bufferBytes, mutated } from '../../support/mutations.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { EXPECTED, expectRefused, file, part, picturesOf, readOrRefused, sha256 } from './support.ts';

const folder = temporaryFolder();
const TRAIN = ['hub/data/train-00000-of-00002.parquet', 'hub/data/train-00001-of-00002.parquet'] as const;
const TEST = 'hub/data/test-00000-of-00001.parquet';

/** SHA-256 of the pictures of a file, as Python read them. */
const picturesIn = (name: string) => EXPECTED[name]!.pictures as string[];

/** A file of the folder of files, changed as text of one byte a character. */
function changed(name: string, change: (text: string) => string): string {
  const path = join(folder, `changed-${name}`);
  writeFileSync(path, Buffer.from(change(readFileSync(file(name), 'latin1')), 'latin1'));
  return path;
}

describe('a data set of the Hub', () => {
  test('is read from a folder of parts in several files, with the names of classes that it notes', async () => {
    expect(await looksLikeParquet(file('hub'))).toBe(true);
    const data = await readParquet(file('hub'));
    expect(data).toMatchObject({
      format: 'parquet',
      source: file('hub'),
      classNames: ['emu', 'cat', 'dog'],
      notices: [],
    });
    expect(data.leftOut).toEqual([{ what: 'images without a label', count: 2 }]);
    expect(Object.keys(data.parts)).toEqual(['train', 'test']);
    const train = await part(data);
    expect(train.labels).toEqual(Uint8Array.of(0, 2, 1, 2, 1));
    const pictures = [...picturesIn(TRAIN[0]), picturesIn(TRAIN[1])[0]];
    expect((await picturesOf(train)).map(sha256)).toEqual(pictures);
    expect(train.nameOf(3)).toBe('train-00000-of-00002.parquet row 3');
    expect(train.nameOf(4)).toBe('train-00001-of-00002.parquet row 0');
    expect((await picturesOf(await part(data, 'test'))).map(sha256)).toEqual(picturesIn(TEST));
  });

  test('is numbered in the order that the user wants', async () => {
    const data = await readParquet(file(TRAIN[0]), { classNames: ['cat', 'dog', 'emu'] });
    expect([...(await part(data)).labels]).toEqual([2, 1, 0, 1]);
    await expectRefused(
      readParquet(file(TRAIN[0]), { classNames: ['cat', 'dog'] }),
      /holds the class "emu", which --class-names lacks/,
    );
  });

  test('of which a file is missing says so', async () => {
    const path = join(folder, 'missing');
    mkdirSync(path);
    cpSync(file(TRAIN[0]), join(path, 'train-00000-of-00002.parquet'));
    cpSync(file(TEST), join(path, 'extra.parquet'));
    const data = await readParquet(path);
    expect(data.notices).toEqual(['train: 1 of 2 files are there, as train-00000-of-00002.parquet says']);
    expect(data.leftOut).toEqual([{ what: 'Parquet files of other names', count: 1 }]);
  });

  test("is read from the Hub's conversion: a folder a part, files named by numbers", async () => {
    const path = join(folder, 'converted');
    for (const [name, from] of [
      ['train', TRAIN[0]],
      ['validation', TRAIN[1]],
    ] as const) {
      mkdirSync(join(path, name), { recursive: true });
      cpSync(file(from), join(path, name, '0000.parquet'));
    }
    const data = await readParquet(path);
    expect([...(await part(data, 'val')).labels]).toEqual([1]);
    expect(data.parts.test).toBeUndefined();
  });

  test('that holds names in the place of pictures is refused with what to do; embedded pictures are read', async () => {
    const message =
      /names_only\.parquet: row 0 holds a file's name and no picture; write it again with embed_table_storage$/;
    await expectRefused(readParquet(file('names_only.parquet')), message);
    const data = await readParquet(file('embedded.parquet'));
    expect(data.classNames).toEqual(['ant', 'bee']);
    expect((await picturesOf(await part(data))).map(sha256)).toEqual(picturesIn('embedded.parquet'));
  });

  test('with names in one row is read, and that row refused when its picture is', async () => {
    const data = await readParquet(file('names_in_one_row.parquet'));
    const { images } = await part(data);
    if (images.kind !== 'pictures') throw new Error('no pictures');
    await expectRefused(
      images.read(1),
      /row 1: holds a file's name and no picture; write it again with embed_table_storage/,
    );
    expect(sha256(await images.read(2))).toBe(picturesIn('codecs')[2]);
  });
});

describe('labels that are texts', () => {
  test('of Polars (Zstandard): classes are sorted, which is said; rows without a label are left out', async () => {
    const data = await readParquet(file('polars.parquet'));
    expect(data.classNames).toEqual(['a', 'b', 'é']);
    expect(data.notices).toEqual(['labels are names: classes are in the order of their names: a, b, é']);
    expect(data.leftOut).toEqual([{ what: 'images without a label', count: 1 }]);
    const train = await part(data);
    expect([...train.labels]).toEqual([1, 0, 1, 2]);
    expect(train.nameOf(3)).toBe('polars.parquet row 4');
    const [first, second, third] = (await picturesOf(train)).map(sha256);
    expect([first, second, third]).toEqual(picturesIn('codecs').slice(0, 3));
  });

  test("of pandas's categories, in columns named picture and category, the pictures as bytes", async () => {
    const data = await readParquet(file('pandas.parquet'), { classNames: ['é', 'b', 'a'] });
    expect([...(await part(data)).labels]).toEqual([1, 2, 1, 0]);
    expect(data.notices).toEqual([]);
    expect((await picturesOf(await part(data))).map(sha256).slice(0, 3)).toEqual(picturesIn('codecs').slice(0, 3));
  });
});

test.each(
  ['none', 'snappy', 'gzip', 'brotli', 'lz4', 'zstd'].flatMap((codec) => [1, 2].map((version) => ({ codec, version }))),
)(
  'codec $codec, pages of version $version, in small pages and row groups, forwards and backwards',
  async ({ codec, version }) => {
    const data = await readParquet(file(`codec-${codec}-${version}.parquet`));
    expect(data.classNames).toBeUndefined();
    const { labels, images, nameOf } = await part(data);
    expect([...labels]).toEqual(EXPECTED.codecs!.labels);
    const rows = [0, 1, 2, 3, 5, 6, 7];
    if (images.kind !== 'pictures') throw new Error('no pictures');
    for (const index of [0, 1, 2, 3, 4, 5, 6, 6, 2, 0]) {
      expect(sha256(await images.read(index))).toBe(picturesIn('codecs')[rows[index]!]);
      expect(nameOf(index)).toMatch(new RegExp(` row ${rows[index]}$`));
    }
    const atOnce = await Promise.all(rows.map((_, index) => images.read(index)));
    expect(atOnce.map(sha256)).toEqual(rows.map((row) => picturesIn('codecs')[row]));
  },
);

describe('columns', () => {
  test('of a type that only labels have are taken for them, which is said', async () => {
    const { notices } = await readParquet(file('guessed.parquet'));
    expect(notices[0]).toMatch(
      /guessed\.parquet: the column "id" is taken for the labels; --label-column names another$/,
    );
    expect((await readParquet(file('guessed.parquet'), { columns: { label: 'id' } })).notices).toEqual([]);
  });

  test('refused is a label that is an empty text, with its row', async () => {
    await expectRefused(
      readParquet(file('empty_label.parquet')),
      /row 1: has an empty text as its label; name its class/,
    );
  });

  test('may be given', async () => {
    const data = await readParquet(file('columns.parquet'), { columns: { file: 'thumbnail', label: 'size' } });
    expect([...(await part(data)).labels]).toEqual([1, 0]);
    expect((await picturesOf(await part(data))).map(String)).toEqual(['T0', 'T1']);
  });

  test.each([
    [
      'a column that is not there',
      'columns.parquet',
      { file: 'x' },
      /has no column "x", only scan, thumbnail, kind, size, scores/,
    ],
    ['two columns that may be pictures', 'columns.parquet', {}, /has no column of pictures among scan, thumbnail/],
    ['two columns that may be labels', 'columns.parquet', { file: 'scan' }, /has no column of labels among scan, /],
    [
      'labels in lists',
      'columns.parquet',
      { file: 'scan', label: 'scores' },
      /column scores holds several labels for each/,
    ],
    [
      'texts in the place of pictures',
      'columns.parquet',
      { file: 'kind', label: 'size' },
      /column kind holds files' names and no/,
    ],
  ])('refused: %s', async (_, name, columns, message) => {
    await expectRefused(readParquet(file(name), { columns }), message);
  });
});

describe('refused is', () => {
  test.each([
    ['no Parquet file', 'keras.npz', /is no Parquet file, is damaged, or is of a kind that is not read/],
    ['no file', 'gone.parquet', /gone\.parquet: no such file/],
  ])('%s', async (_, name, message) => {
    const path = name.endsWith('.parquet') ? file(name) : join(folder, 'x.parquet');
    if (!name.endsWith('.parquet')) cpSync(file(name), path);
    await expectRefused(readParquet(path), message);
  });

  test('a folder without Parquet files', async () => {
    expect(await looksLikeParquet(file('kaggle'))).toBe(false);
    await expectRefused(readParquet(file('kaggle')), /holds no Parquet files to train on/);
  });

  test('a label beyond the names that the file notes, by its row', async () => {
    const path = changed('embedded.parquet', (text) => text.replaceAll('["ant", "bee"]', '["ant"       ]'));
    await expectRefused(readParquet(path), /changed-embedded\.parquet: row 2: label 1, but the file names 1 classes/);
  });

  test.each([
    ['polars.parquet', 'a, b, é'],
    ['embedded.parquet', 'ant, bee'],
  ])('a class of the test part that %s lacks', async (name, classes) => {
    const path = join(folder, `other-${name}`);
    mkdirSync(path);
    cpSync(file(name), join(path, 'train.parquet'));
    cpSync(file(TRAIN[0]), join(path, 'test.parquet'));
    const problem = `row 0: the class "emu" is not among those to train on (${classes}); correct it, or remove the row`;
    const reading = readParquet(path).then((data) => part(data, 'test'));
    await expect(reading).rejects.toThrow(problem);
  });

  test('more rows or larger pages than allowed, before memory is taken', async () => {
    await expectRefused(readParquet(file(TRAIN[0]), {}, { ...LIMITS, rows: 3 }), /has 4 rows, at most 3 are read/);
    const memory = await bufferBytes(() =>
      expectRefused(
        readParquet(file('codec-zstd-1.parquet'), {}, { ...LIMITS, arrayBytes: 10_000_000 }).then(() =>
          readParquet(file('gone.parquet')),
        ),
        /gone/,
      ),
    );
    expect(memory).toBeLessThan(4 * 2 ** 20);
  });
});

test.each(['codec-none-2.parquet', 'codec-zstd-1.parquet', 'polars.parquet', 'embedded.parquet'])(
  'a damaged %s is refused or read, in time and little memory',
  async (name) => {
    const valid = readFileSync(file(name));
    const path = join(folder, 'damaged.parquet');
    const sizeOfEnd = { at: valid.length - 8, encode: (value: bigint) => Buffer.from([Number(value & 0xffn), 0]) };
    const property = fc.asyncProperty(mutated(valid, [sizeOfEnd]), async (bytes) => {
      writeFileSync(path, bytes);
      const memory = await bufferBytes(async () => {
        const found = await readOrRefused(async () => part(await readParquet(path)));
        if (found === undefined) return;
        await readOrRefused(() => picturesOf(found));
      });
      expect(memory).toBeLessThan(32 * 2 ** 20);
    });
    await fc.assert(property, { numRuns: 120 });
  },
  20_000,
);
