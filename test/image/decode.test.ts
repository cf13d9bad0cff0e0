/** Tests of decoding picture files into grey pixels. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { UserError } from '../../src/errors.ts';
import { barPicture, decodeImage } from '../support/pictures.ts';
import { tiff } from '../support/tiff.ts';

const SIDE = 40;
const raw = { width: SIDE, height: SIDE, channels: 4 } as const;
const bar = () => sharp(barPicture(SIDE, 255, 0), { raw }).removeAlpha();
const MIDDLE = 20 * SIDE + 20;

async function decode(picture: Sharp) {
  return decodeImage(await picture.toBuffer(), 'a picture');
}

describe('decodeImage', () => {
  test.each<[string, () => Sharp, number]>([
    ['a PNG', () => bar().png(), 0],
    ['a PNG of 16 bits', () => bar().toColourspace('rgb16').png(), 0],
    ['a grey PNG of 16 bits', () => bar().toColourspace('grey16').png(), 0],
    ['a PNG with a palette', () => bar().png({ palette: true, colours: 2 }), 0],
    ['an interlaced PNG', () => bar().png({ progressive: true }), 0],
    ['a JPEG', () => bar().jpeg({ quality: 95 }), 12],
    ['a CMYK JPEG', () => bar().toColourspace('cmyk').jpeg({ quality: 95 }), 40],
    ['a WebP', () => bar().webp({ lossless: true }), 0],
    ['a TIFF', () => bar().tiff(), 0],
    ['an AVIF', () => bar().avif({ quality: 90 }), 12],
    ['a GIF', () => bar().gif(), 0],
  ])('reads the grey levels of %s', async (_, picture, tolerance) => {
    const { pixels, height, width } = await decode(picture());
    expect([height, width]).toEqual([SIDE, SIDE]);
    expect(pixels[0]).toBeGreaterThanOrEqual(255 - tolerance);
    expect(pixels[MIDDLE]).toBeLessThanOrEqual(tolerance);
  });
});

test('a picture is rotated as its EXIF orientation says', async () => {
  const lying = await bar().resize(30, SIDE, { fit: 'fill' }).rotate(90).withMetadata({ orientation: 8 }).jpeg();
  const { height, width } = await decode(lying);
  expect([height, width]).toEqual([SIDE, 30]);
});

test('an animation is read as its first frame', async () => {
  const frames = Buffer.concat([barPicture(SIDE, 255, 0), barPicture(SIDE, 0, 255)]);
  const both = sharp(frames, { raw: { ...raw, height: 2 * SIDE, pageHeight: SIDE } });
  const { pixels, height } = await decode(both.gif({ delay: [100, 100] }));
  expect([height, pixels[0], pixels[MIDDLE]]).toEqual([SIDE, 255, 0]);
});

test('a large picture is reduced to 256 pixels, its aspect ratio kept', async () => {
  const { height, width } = await decode(bar().resize(3000, 2000, { fit: 'fill' }).jpeg());
  expect([height, width]).toEqual([171, 256]);
});

describe('refuses (exit 3), in plain words,', () => {
  const ANOTHER_KIND = 'is a TIFF of a kind that cannot be read here; save it as PNG or JPEG';
  const DAMAGED = 'is damaged or cut off; copy it again, or save it as a new PNG or JPEG';
  const FLOATS = { 258: 32, 279: 64, 339: 3 };
  test.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['a TIFF compressed by ZSTD', () => tiff({ 259: 50000 }), ANOTHER_KIND],
    ['a TIFF compressed as JPEG 2000', () => tiff({ 259: 34712 }), ANOTHER_KIND],
    ['a TIFF in the colours of CIE Lab', () => tiff({ 262: 8, 277: 3, 279: 48 }), ANOTHER_KIND],
    [
      'a TIFF of fractions',
      () => tiff(FLOATS),
      'is a TIFF of float pixels; save it as PNG or JPEG with 8 bits a channel',
    ],
    [
      'a TIFF of five channels',
      () => tiff({ 277: 5, 279: 80 }),
      'is a TIFF of too many channels; save it as PNG or JPEG',
    ],
    [
      'a JPEG of 12 bits',
      async () => twelveBits(await bar().jpeg().toBuffer()),
      'is a JPEG of a kind that cannot be read here; save it as PNG or JPEG',
    ],
    ['a TIFF without a picture', () => Buffer.from('II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1'), DAMAGED],
    ['a PNG that a transfer as text has changed', () => Buffer.from('\x89PNG\n\x1a\n\0\0\0\rIHDR', 'latin1'), DAMAGED],
    ['a JPEG that is cut off', async () => (await bar().jpeg().toBuffer()).subarray(0, -40), DAMAGED],
    ['a WebP that is cut off', async () => (await bar().webp().toBuffer()).subarray(0, -40), DAMAGED],
    ['an AVIF that is cut off', async () => (await bar().avif().toBuffer()).subarray(0, -40), DAMAGED],
  ])('%s', async (_, bytes, problem) => {
    const refused = decodeImage(await bytes(), 'a picture');
    await expect(refused).rejects.toMatchObject({ code: 3, message: `a picture: ${problem}` });
  });
});

test('a small TIFF is read: those that are refused differ from it by their tags alone', async () => {
  const { pixels, height, width } = await decodeImage(tiff(), 'a picture');
  expect([height, width, ...pixels.subarray(0, 4)]).toEqual([4, 4, 0, 60, 120, 180]);
});

/** A JPEG whose header says that its pixels have 12 bits. */
function twelveBits(jpeg: Buffer): Buffer {
  const changed = Buffer.from(jpeg);
  changed[jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 4] = 12;
  return changed;
}

describe('of any bytes, decodeImage makes a picture or says in one line what is wrong (exit 3)', () => {
  const LINE = /^a picture: (?:is|has) [^\n]{1,120}$/;
  const DECODERS = /vips|lib(?!rary)|tiff2|heif:|Input buffer|seek/;

  async function readsOrRefuses(bytes: Buffer): Promise<void> {
    const result = await decodeImage(bytes, 'a picture').catch((error: unknown) => error);
    if (!(result instanceof UserError)) return expect(result).toMatchObject({ pixels: expect.any(Uint8Array) });
    expect(result.code).toBe(3);
    expect(result.message).toMatch(LINE);
    expect(result.message).not.toMatch(DECODERS);
  }

  test('after how pictures begin', async () => {
    const begins = [
      '',
      '\x89PNG\r\n\x1a\n',
      '\xff\xd8\xff',
      'GIF89a',
      'RIFFxxxxWEBPVP8 ',
      'II*\0\x08\0\0\0',
      'MM\0*\0\0\0\x08',
      '\0\0\0\x18ftypavif',
      '<svg',
      'PK\x03\x04',
      '\x1f\x8b',
    ];
    const bytes = fc.tuple(fc.constantFrom(...begins), fc.uint8Array({ maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(bytes, ([begin, rest]) => readsOrRefuses(Buffer.concat([Buffer.from(begin, 'latin1'), rest]))),
      { numRuns: 300 },
    );
  });

  test('that a picture becomes when some of them change and its end is lost', async () => {
    const pictures = await Promise.all(
      [bar().png(), bar().jpeg(), bar().webp(), bar().gif(), bar().tiff({ compression: 'lzw' }), bar().avif()].map(
        (each) => each.toBuffer(),
      ),
    );
    const all: Buffer[] = [...pictures, tiff()];
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
      maxLength: 3,
    });
    const kept = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), changes, kept, async (picture, places, fraction) => {
        const bytes = Buffer.from(picture.subarray(0, Math.ceil(fraction * picture.length)));
        for (const [at, value] of places) bytes[Math.floor(at * bytes.length)] = value;
        await readsOrRefuses(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
