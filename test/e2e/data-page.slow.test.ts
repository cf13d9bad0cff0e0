/** The page of `resnet data --html` in a browser. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect } from '@jest/globals';
import { drawPets } from '../dataset/survey/pets.ts';
import { seePage, testInBrowser } from '../support/chromium.ts';
import { resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const page = join(folder, 'seen.html');

/** What a reader sees: whether all pictures are drawn, what is wider than the window, and the colour of the page. */
const SEEN = `({
  drawn: [...document.images].filter((image) => image.naturalWidth > 0 && image.width >= 96).length,
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  page: getComputedStyle(document.body).backgroundColor,
})`;

beforeAll(async () => {
  const pets = await drawPets(join(folder, 'pets'));
  // The longest name that a folder can have, which no line break can divide.
  for (const part of ['train', 'test']) renameSync(join(pets, part, 'cat'), join(pets, part, 'c'.repeat(255)));
  const { code, stderr } = await resnet(['data', pets, '--html', page]);
  expect([code, stderr]).toEqual([0, '']);
});

testInBrowser('opens without a complaint or a request, wide and narrow, light and dark', async () => {
  const views = [1280, 375].flatMap((width) => [false, true].map((dark) => ({ width, dark })));
  const seen = await seePage(pathToFileURL(page).href, SEEN, views);
  const [light, dark] = ['rgb(255, 255, 255)', 'rgb(18, 18, 18)'];
  const value = (background: string | undefined) => ({ drawn: 20, overflow: 0, page: background });
  expect(seen).toEqual(
    [light, dark, light, dark].map((each) => ({ complaints: [], requests: [], value: value(each) })),
  );
});
