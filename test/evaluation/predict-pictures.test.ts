/** Pictures become as the images that the model was trained on. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { readPictures } from '../../src/evaluation/predict-pictures.ts';
import { odd } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const size = { height: 28, width: 28 };

async function pixelsFor(path: string, background: 'light' | 'dark' | undefined): Promise<Uint8Array> {
  const trainedOn = { source: 'a test', isMnist: false, transposed: false, background };
  const watch = { onFault: () => {}, onProgress: () => {} };
  const [picture] = await readPictures([path], { size, trainedOn }, watch);
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
  const read = (keep: boolean) => {
    const watch = { keep, onFault: () => {}, onProgress: () => {} };
    return readPictures([digit, blank, text], { size, trainedOn: undefined }, watch);
  };
  const sizes = (await read(true)).map(({ picture }) => picture?.original);
  expect(sizes).toEqual([{ height: 100, width: 80 }, { height: 30, width: 50 }, undefined]);
  expect((await read(false)).map((each) => 'picture' in each)).toEqual([false, false, false]);
});
