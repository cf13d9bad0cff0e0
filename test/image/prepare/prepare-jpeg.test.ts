/** Tests of JPEGs that become smaller: how far they are from what Pillow makes of them, and what is left to sharp. */
import { describe, expect, test } from '@jest/globals';
import sharp, { type JpegOptions } from 'sharp';
import { differences } from '../../../scripts/check-data/differences.ts';
import { jpegStructure } from '../../../src/image/prepare/jpeg-structure.ts';
import type { Preparation } from '../../../src/image/prepare/preparation.ts';
import { prepareJpeg } from '../../../src/image/prepare/prepare-jpeg.ts';
import { preparePicture } from '../../../src/image/prepare/prepare-picture.ts';
import { preparePixels } from '../../../src/image/prepare/prepare-pixels.ts';
import { unblockDecoders } from '../../support/decoders.ts';
import { scene } from './scene.ts';

unblockDecoders();

/** Bounds of the difference from Pillow, in levels. */
const [MEAN, MOST] = [0.3, 3];

const TO: Preparation = { height: 64, width: 64, channels: 3, fit: 'stretch' };

/** A JPEG of a scene, in colour or grey, that says how it is to be turned. */
function jpegOf(height: number, width: number, options: JpegOptions = {}, orientation = 1): Promise<Buffer> {
  const source = scene(height, width);
  const picture = sharp(source.pixels, { raw: source }).jpeg({ quality: 90, ...options });
  return (orientation === 1 ? picture : picture.withMetadata({ orientation })).toBuffer();
}

/** What Pillow makes of a JPEG that it decodes as libvips does. */
async function exactly(jpeg: Buffer, to: Preparation) {
  const decoded = sharp(jpeg, { autoOrient: true }).toColourspace('srgb').raw();
  const { data, info } = await decoded.toBuffer({ resolveWithObject: true });
  return preparePixels(data, { ...info, channels: 3 }, to).pixels;
}

/** What the decoder of JPEGs alone makes of one; undefined if it leaves it to sharp. */
function alone(bytes: Buffer) {
  const structure = jpegStructure(bytes);
  const open = () => Promise.reject(new Error('opened'));
  return structure && prepareJpeg({ ...structure, bytes, open }, TO, (_, operation) => operation());
}

test.each<[string, number, number, JpegOptions, Partial<Preparation>]>([
  ['half the colours', 300, 401, {}, {}],
  ['all colours', 300, 401, { chromaSubsampling: '4:4:4' }, {}],
  ['several scans', 300, 401, { progressive: true }, {}],
  ['the best quality', 300, 401, { quality: 100, chromaSubsampling: '4:4:4' }, { height: 200, width: 230 }],
  ['a fit that crops', 427, 639, {}, { fit: 'crop' }],
  ['a fit that pads', 427, 639, {}, { fit: 'pad' }],
  ['one channel', 427, 639, {}, { channels: 1 }],
])('a JPEG with %s is near what Pillow makes of it', async (_, height, width, options, changes) => {
  const jpeg = await jpegOf(height, width, options);
  const to = { ...TO, ...changes };
  const prepared = await preparePicture(jpeg, 'a', to);
  const { mean, most } = differences(prepared.pixels, await exactly(jpeg, to));
  expect(mean).toBeLessThanOrEqual(MEAN);
  expect(most).toBeLessThanOrEqual(MOST);
  expect(prepared).toMatchObject({ hasColour: true, original: { height, width } });
});

test.each([2, 3, 4, 5, 6, 7, 8])('a JPEG is turned as EXIF says: %d', async (orientation) => {
  const jpeg = await jpegOf(300, 401, {}, orientation);
  const prepared = await preparePicture(jpeg, 'a', TO);
  expect(differences(prepared.pixels, await exactly(jpeg, TO)).most).toBeLessThanOrEqual(MOST);
  expect(prepared.original).toEqual(orientation < 5 ? { height: 300, width: 401 } : { height: 401, width: 300 });
});

test('a grey scene has no colour, in one channel or in three', async () => {
  const { pixels, ...raw } = scene(300, 400);
  const grey = await sharp(pixels, { raw }).greyscale().raw().toBuffer();
  const picture = sharp(grey, { raw: { ...raw, channels: 1 } });
  for (const space of ['b-w', 'srgb']) {
    const jpeg = await picture.clone().toColourspace(space).jpeg().toBuffer();
    expect((await preparePicture(jpeg, 'a', TO)).hasColour).toBe(false);
  }
});

test('the same bytes are made each time, though many are made at once', async () => {
  const jpeg = await jpegOf(300, 400);
  const all = await Promise.all(Array.from({ length: 12 }, () => preparePicture(jpeg, 'a', TO)));
  for (const each of all) expect(Buffer.compare(each.pixels, all[0]!.pixels)).toBe(0);
});

describe('sharp alone', () => {
  test.each([
    ['is not needed for a photograph', 427, 640, true],
    ['decodes a JPEG of 65,536 pixels', 256, 256, false],
    ['decodes a JPEG of over a million pixels', 1001, 1000, false],
  ])('%s', async (_, height, width, isDecoded) => {
    expect((await alone(await jpegOf(height, width))) !== undefined).toBe(isDecoded);
  });

  test('finds what is wrong with a JPEG that is cut off', async () => {
    const cut = (await jpegOf(300, 400)).subarray(0, 5000);
    const message = 'cat/1.jpg: is damaged or cut off; copy it again, or save it as a new PNG or JPEG';
    await expect(preparePicture(cut, 'cat/1.jpg', TO)).rejects.toMatchObject({ code: 3, message });
  });
});
