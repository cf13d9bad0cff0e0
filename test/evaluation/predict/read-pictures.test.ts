/** Pictures become as the images that the model was trained on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { UserError } from '../../../src/errors.ts';
import { faultyPicture } from '../../../src/evaluation/predict/pictures.ts';
import { type PictureInput, type ReadingModel, readPictures } from '../../../src/evaluation/predict/read-pictures.ts';
import { odd } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const size = { height: 28, width: 28 };
const DIGITS: ReadingModel = { size, channels: 1, whole: undefined, trainedOn: undefined };

async function read(inputs: readonly PictureInput[], model: ReadingModel, keep = false) {
  const pictures = [];
  for await (const picture of readPictures(inputs, model, keep)) pictures.push(picture);
  return pictures;
}

async function pixelsFor(path: string, background: 'light' | 'dark' | undefined): Promise<Uint8Array> {
  const trainedOn = { source: 'a test', isMnist: false, transposed: false, background };
  const [picture] = await read([path], { ...DIGITS, trainedOn });
  if (picture === undefined || !('pixels' in picture)) throw new Error('not read');
  return picture.pixels;
}

test('a picture becomes light on dark, and dark on light for a model that learned from such images', async () => {
  const [dark, light] = [join(folder, 'dark.png'), join(folder, 'light.png')];
  await (await odd(0, 100, 80, true)).png().toFile(dark);
  await (await odd(0, 100, 80, false)).png().toFile(light);
  for (const path of [dark, light]) {
    const usual = await pixelsFor(path, 'dark');
    expect([usual[0], Math.max(...usual)]).toEqual([0, 255]);
    expect(await pixelsFor(path, undefined)).toEqual(usual);
    expect(await pixelsFor(path, 'light')).toEqual(usual.map((pixel) => 255 - pixel));
  }
});

test('a picture is kept only if asked, also that of a refusal, but not one that could not be decoded', async () => {
  const [digit, blank, text] = [join(folder, 'digit.png'), join(folder, 'blank.png'), join(folder, 'text.png')];
  await (await odd(0, 100, 80, true)).png().toFile(digit);
  await sharp({ create: { height: 30, width: 50, channels: 3, background: 'white' } }).toFile(blank);
  writeFileSync(text, 'no picture');
  const all = (keep: boolean) => read([digit, blank, text], DIGITS, keep);
  const sizes = (await all(true)).map(({ picture }) => picture?.original);
  expect(sizes).toEqual([{ height: 100, width: 80 }, { height: 30, width: 50 }, undefined]);
  expect((await all(false)).map((each) => 'picture' in each)).toEqual([false, false, false]);
});

/** A model of coloured pictures. */
const WHOLE: ReadingModel = {
  ...{ size: { height: 4, width: 6 }, channels: 3, trainedOn: undefined },
  whole: { fit: 'pad', fill: [1, 2, 3] },
};

async function coloured(name: string, background: string): Promise<string> {
  const path = join(folder, name);
  await sharp({ create: { height: 8, width: 8, channels: 3, background } })
    .png()
    .toFile(path);
  return path;
}

test('a whole picture keeps its colours and its proportions, and the model’s colour is around it', async () => {
  const path = await coloured('red.png', '#ff0000');
  const [whole] = await read([path], WHOLE);
  const row = [1, 2, 3, ...[255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0], 1, 2, 3];
  expect(whole).toEqual({ path, pixels: Buffer.from([...row, ...row, ...row, ...row]) });
  const [grey] = await read([path], { ...WHOLE, channels: 1, whole: { fit: 'stretch', fill: [0] } });
  expect(grey).toMatchObject({ pixels: Buffer.alloc(24, 76) }); // Pillow's grey of pure red
});

test('whole pictures come in the order of their paths, with each fault at its place', async () => {
  const paths = [];
  for (let index = 0; index < 12; index++) paths.push(await coloured(`${index}.png`, `rgb(${index}, 0, 0)`));
  const broken = join(folder, 'broken.png');
  writeFileSync(broken, 'no picture');
  const inputs: PictureInput[] = [...paths.slice(0, 5), broken, ...paths.slice(5)];
  const fault = faultyPicture('*.none', new UserError('*.none: no file matches', 3));
  const found = await read([...inputs, fault, paths[0]!], { ...WHOLE, whole: { fit: 'stretch', fill: [] } });
  expect(found.map((each) => ('pixels' in each ? each.pixels[0] : each.problem))).toEqual([
    ...[0, 1, 2, 3, 4, `${broken}: is text, not a picture; give PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM`],
    ...[5, 6, 7, 8, 9, 10, 11, '*.none: no file matches', 0],
  ]);
});

test('a whole picture that is kept is reduced to 256 pixels in its own proportions', async () => {
  const path = join(folder, 'large.png');
  await sharp({ create: { height: 300, width: 600, channels: 3, background: '#00ff00' } }).toFile(path);
  const [large] = await read([path], WHOLE, true);
  expect(large?.picture).toMatchObject({ height: 128, width: 256, channels: 3, original: { height: 300, width: 600 } });
  const [small] = await read([await coloured('small.png', '#00ff00')], WHOLE, true);
  expect(small?.picture).toMatchObject({ height: 8, width: 8 });
});
