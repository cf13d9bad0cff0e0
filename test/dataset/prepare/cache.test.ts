/** Tests of the cache of prepared images. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CachedImages, type CachedWork, cachedImages } from '../../../src/dataset/prepare/cache.ts';
import type { PixelFile } from '../../../src/dataset/prepare/pixel-file.ts';
import type { ImagesInMemory } from '../../../src/dataset/prepare/prepared-images.ts';
import { bundle } from '../../support/bundle.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const bundled = bundle('src/dataset/prepare/cache.ts', root);
let folder = '';
let count = 0;
let notices: string[] = [];
beforeEach(() => {
  folder = join(root, String(count++), 'data');
  notices = [];
});

/** Prepared images of which the pixels are `value`. */
function images(value: number, pixels = 24): ImagesInMemory {
  return {
    ...{ pixels: new Uint8Array(pixels).fill(value), height: pixels / 12, width: 2, channels: 3, hasColour: true },
    contents: Int32Array.of(0, 0, 2, 1, 0, 1, 2, 1),
    kept: Int32Array.of(0, 2),
    broken: [{ name: 'é\n.png', problem: 'é\n.png: is damaged' }],
  };
}
const work: CachedWork = { sha256: 'a', wanted: { fit: 'pad' }, skipBroken: true };
const options = (maxBytes?: number) => ({ folder, maxBytes, notice: (text: string) => notices.push(text) });
const never = () => Promise.reject(new Error('prepared again'));
const files = () => readdirSync(folder);
const onlyFile = () => join(folder, files()[0]!);

test('images are prepared once and then read, with all that is known of them', async () => {
  const first = await cachedImages(work, async () => images(7), options());
  const second = await cachedImages(work, never, options());
  expect([first.isFromCache, second.isFromCache]).toEqual([false, true]);
  expect([first.isKept, second.isKept]).toEqual([true, false]);
  expect(second.images).toEqual(images(7));
  expect(second.cacheBytes).toBe(statSync(onlyFile()).size);
  expect(notices).toEqual([]);
});

test('images without padding and without broken ones are read as they were', async () => {
  const plain = { ...images(1), contents: undefined, broken: [], kept: Int32Array.of(0, 1) };
  await cachedImages(work, async () => plain, options());
  expect((await cachedImages(work, never, options())).images).toEqual(plain);
});

test.each<[string, Partial<CachedWork>]>([
  ['data', { sha256: 'b' }],
  ['size', { wanted: { fit: 'pad', size: { height: 2, width: 2 } } }],
  ['fit', { wanted: { fit: 'crop' } }],
  ['channels', { wanted: { fit: 'pad', channels: 3 } }],
  ['choice to skip broken pictures', { skipBroken: false }],
])('another %s has images of its own', async (_, other) => {
  await cachedImages(work, async () => images(1), options());
  const { isFromCache } = await cachedImages({ ...work, ...other }, async () => images(2), options());
  expect([isFromCache, files().length]).toEqual([false, 2]);
  expect((await cachedImages(work, never, options())).images.pixels[0]).toBe(1);
});

test('files that are streamed from stay, even where they are more than the cache should hold', async () => {
  await cachedImages(work, async () => images(1), options());
  const streaming = { ...options(1), memoryBytes: 1 };
  const parts: CachedImages[] = [];
  for (const sha256 of ['b', 'c']) {
    parts.push(await cachedImages({ ...work, sha256 }, async () => images(2), streaming));
  }
  expect(files().length).toBe(2); // the one of `work` went
  for (const { images: prepared } of parts) await (prepared.pixels as PixelFile).close();
  await cachedImages(work, async () => images(1), options(1));
  expect(files()).toEqual([]);
});

describe('a file that is damaged is made anew, with a notice:', () => {
  const change = (at: number) => (bytes: Buffer) => {
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    return bytes;
  };
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['a pixel', change(-50)],
    ['the last byte', change(-1)],
    ['its beginning', change(0)],
    ['the length of its header', change(41)],
    ['its header', change(60)],
    ['cut off', (bytes) => bytes.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
    ['longer', (bytes) => Buffer.concat([bytes, bytes])],
    ['foreign', () => Buffer.from('a text of someone else, longer than the first bytes of a header')],
  ])('%s', async (_, damage) => {
    await cachedImages(work, async () => images(1), options());
    const path = onlyFile();
    writeFileSync(path, damage(readFileSync(path)));
    const again = await cachedImages(work, async () => images(2), options());
    expect([again.isFromCache, again.images.pixels[0]]).toEqual([false, 2]);
    expect(notices).toEqual([`${path}: is damaged; it is made anew`]);
    expect((await cachedImages(work, never, options())).images).toEqual(images(2));
  });

  test('any change of a byte is noticed', async () => {
    await cachedImages(work, async () => images(1), options());
    const whole = readFileSync(onlyFile());
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= mask;
        writeFileSync(onlyFile(), bytes);
        expect((await cachedImages(work, async () => images(1), options())).isFromCache).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

test('a declared size is checked against the file before anything is allocated', async () => {
  await cachedImages(work, async () => images(1), options());
  const path = onlyFile();
  const bytes = readFileSync(path);
  bytes.write('9', bytes.indexOf('"height":2') + 9); // 9 × 2 × 3 bytes an image are not in the file
  writeFileSync(path, bytes);
  expect((await cachedImages(work, async () => images(2), options())).isFromCache).toBe(false);
});

describe('the cache has a largest size:', () => {
  const other = (sha256: string): CachedWork => ({ ...work, sha256 });
  const age = (path: string, seconds: number) =>
    utimesSync(path, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);

  test('the files that were not used for longest are removed, never the one just written', async () => {
    await cachedImages(other('a'), async () => images(1, 2400), options());
    const a = onlyFile();
    await cachedImages(other('b'), async () => images(2, 2400), options());
    const b = join(folder, files().find((name) => !a.endsWith(name))!);
    age(a, 500);
    age(b, 1000);
    await cachedImages(other('b'), never, options()); // the use of b counts, not when it was written
    await cachedImages(other('c'), async () => images(3, 2400), options(6000));
    expect([existsSync(a), existsSync(b), files().length]).toEqual([false, true, 2]);
  });

  test('images that alone are larger are not kept, with a notice', async () => {
    const { images: made, cacheBytes, isKept } = await cachedImages(work, async () => images(1), options(23));
    expect([made.pixels.length, cacheBytes, isKept]).toEqual([24, 0, false]);
    expect(notices).toEqual(['the prepared images (24 bytes) are not kept: the cache holds at most 23 bytes']);
  });

  test('what a killed process left is removed after an hour, and not before', async () => {
    mkdirSync(folder, { recursive: true });
    for (const name of ['a.images.1-ab.tmp', 'b.images.2-cd.tmp', 'notes.txt']) writeFileSync(join(folder, name), '');
    age(join(folder, 'a.images.1-ab.tmp'), 4000);
    age(join(folder, 'notes.txt'), 4000);
    await cachedImages(work, async () => images(1), options());
    expect(
      files()
        .filter((name) => !name.endsWith('.images'))
        .toSorted(),
    ).toEqual(['b.images.2-cd.tmp', 'notes.txt']);
  });
});

describe('that the cache cannot be written is a notice:', () => {
  test('a full disk, on which nothing is left behind', async () => {
    const [told] = await inProcesses(1, 'ulimit -f 200'); // 100 to 200 kB: one write is short and the next fails
    const notice = `${folder}: the prepared images could not be kept (EFBIG); the next start decodes them again`;
    expect(told).toEqual({ isFromCache: false, notices: [notice] });
    expect(files()).toEqual([]);
  });

  test('a file in place of its folder', async () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, '');
    const { images: made } = await cachedImages(work, async () => images(1), options());
    expect(made).toEqual(images(1));
    expect(notices.at(-1)).toMatch(/could not be kept \(E\w+\); the next start decodes them again$/);
  });

  test('a folder that the system does not make', async () => {
    const proc = { ...options(), folder: '/proc/none/data' };
    expect(await cachedImages(work, async () => images(1), proc)).toMatchObject({ images: images(1), isKept: false });
    expect(notices).toEqual([
      expect.stringMatching(
        /^\/proc\/none\/data: the prepared images could not be kept \(E\w+\); the next start decodes/,
      ),
    ]);
  });

  test('a folder in place of its file', async () => {
    await cachedImages(work, async () => images(1), options());
    const path = onlyFile();
    rmSync(path);
    mkdirSync(path);
    expect((await cachedImages(work, async () => images(2), options())).images.pixels[0]).toBe(2);
    expect(notices).toEqual([
      `${path}: cannot be read (EISDIR); the pictures are decoded again`,
      expect.stringMatching(/could not be kept \(E\w+\); the next start decodes them again$/),
    ]);
    expect(files()).toEqual([expect.stringMatching(/\.images$/)]); // no temporary file is left
  });
});

/** Caches a megabyte of images in processes of their own, which begin at the same time. */
async function inProcesses(processes: number, limit: string): Promise<unknown[]> {
  const script = `
    import { cachedImages } from '${bundled}';
    const notices = [];
    const pixels = new Uint8Array(1_000_000);
    const images = { pixels, height: 1000, width: 1000, channels: 1, hasColour: false, kept: Int32Array.of(0), broken: [] };
    const work = { sha256: 'a', wanted: { fit: 'pad' }, skipBroken: false };
    const options = { folder: ${JSON.stringify(folder)}, notice: (text) => notices.push(text) };
    const { isFromCache } = await cachedImages(work, async () => images, options);
    console.log(JSON.stringify({ isFromCache, notices }));`;
  const shell = `${limit} && exec "$0" --input-type=module --eval "$1"`;
  const run = () => promisify(execFile)('sh', ['-c', shell, process.execPath, script]);
  const all = await Promise.all(Array.from({ length: processes }, run));
  return all.map(({ stdout }) => JSON.parse(stdout));
}

test('two processes at the same time leave one whole file', async () => {
  const both = await inProcesses(2, 'true');
  expect(both).toEqual(Array(2).fill({ isFromCache: expect.any(Boolean), notices: [] }));
  expect(files()).toHaveLength(1);
  expect(await inProcesses(1, 'true')).toEqual([{ isFromCache: true, notices: [] }]);
});

test('ten at the same time all get their images, and leave one whole file', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => cachedImages(work, async () => images(5), options())));
  expect(all.map(({ images: { pixels } }) => pixels[0])).toEqual(Array(10).fill(5));
  expect(files()).toHaveLength(1);
  expect((await cachedImages(work, never, options())).images).toEqual(images(5));
});
