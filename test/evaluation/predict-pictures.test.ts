/** Pictures become as the images that the model was trained on. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
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
