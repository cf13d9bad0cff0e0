/** The file of `resnet data --html`: an earlier page is replaced, and no other file unasked. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { preparePageFile } from '../../src/commands/data/page-file.ts';
import { pageImages } from '../../src/commands/data/page-images.ts';
import type { OpenedPart } from '../../src/dataset/survey/survey.ts';
import { RandomGenerator } from '../../src/random.ts';
import { DATA_GENERATOR, dataPage } from '../../src/report/data/page.ts';
import type { SuspectsReport } from '../../src/report/data/suspects-text.ts';
import { GENERATOR } from '../../src/report/page/page.ts';
import { partOf, surveyOfPets } from '../report/data/surveys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a new file is taken, and its folder is created', async () => {
  await preparePageFile(join(folder, 'new', 'page.html'), false);
  expect(existsSync(join(folder, 'new'))).toBe(true);
});

test('an earlier page is replaced', async () => {
  const page = dataPage(surveyOfPets(), { samples: [], equal: [], near: [] });
  await preparePageFile(fileOf('earlier.html', page), false);
});

test.each([
  ['a file of the user', 'of the user'],
  ['the report of a run', `<head>${GENERATOR}`],
])('%s is refused (exit 5), unless --overwrite is given', async (name, content) => {
  const path = fileOf(`${name}.html`, content);
  await expect(preparePageFile(path, false)).rejects.toMatchObject({
    code: 5,
    message:
      `the page is not written, because ${path} exists and is no page of resnet data; ` +
      'give --overwrite to replace it, or another file with --html',
  });
  await preparePageFile(path, true);
  expect(readFileSync(path, 'utf8')).toBe(content); // nothing is written before the survey
});

test('a folder and a device are refused (exit 5), also with --overwrite: they would be lost', async () => {
  mkdirSync(join(folder, 'a folder'));
  for (const path of [join(folder, 'a folder'), '/dev/null']) {
    await expect(preparePageFile(path, true)).rejects.toMatchObject({ code: 5 });
  }
});

test('a link to a file of the user is refused (exit 5)', async () => {
  const link = join(folder, 'link.html');
  symlinkSync(fileOf('target.html', 'of the user'), link);
  await expect(preparePageFile(link, false)).rejects.toMatchObject({ code: 5 });
});

test('the mark of a page of data is not the mark of a report', () => {
  expect(DATA_GENERATOR).not.toContain(GENERATOR);
  expect(GENERATOR).not.toContain(DATA_GENERATOR);
});

test('a page has as many images as there is room for, whatever the number of classes', async () => {
  const [side, classes, room] = [32, 600, 200_000];
  const noise = new Float32Array(side * side * 3);
  RandomGenerator.seeded(1, 'augmentation').fillUniform(noise, 128);
  const image = Uint8Array.from(noise, (value) => 128 + value);
  const pixels = new Uint8Array(classes * image.length);
  for (let at = 0; at < pixels.length; at += image.length) pixels.set(image, at);
  const images = { kind: 'pixels', pixels, height: side, width: side, channels: 3 } as const;
  const labels = Uint16Array.from({ length: classes }, (_, label) => label);
  const part: OpenedPart = { labels, images, nameOf: String, isReadable: () => true };
  const parts = [partOf('train', Array(classes).fill(1))];
  const survey = surveyOfPets({ classes, classNames: undefined, equal: [], near: [], parts });
  const { samples } = await pageImages(survey, new Map([['train', part]]), undefined, room);
  expect(samples.map(({ label }) => label)).toEqual(Array.from({ length: 480 }, (_, label) => label));
  const addresses = samples.flatMap((each) => each.images.map(({ address }) => address));
  const lengths = addresses.map((address) => address?.length ?? 0);
  const sum = lengths.reduce((all, each) => all + each, 0);
  expect(sum).toBeLessThanOrEqual(room);
  expect(sum + Math.max(...lengths)).toBeGreaterThan(room);
  expect(addresses[0]).toMatch(/^data:image\/(png|jpeg);base64,/);
  expect(addresses.at(-1)).toBeUndefined();
});

test('a page has the first 480 images whose labels a model contradicts, found by their names in whichever part', async () => {
  const pixels = Uint8Array.from({ length: 400 * 4 }, (_, at) => at % 251);
  const images = { kind: 'pixels', pixels, height: 2, width: 2, channels: 1 } as const;
  const part = (name: string): OpenedPart => {
    const labels = new Uint8Array(400);
    return { labels, images, nameOf: (index) => `${name}[${index}]`, isReadable: () => true };
  };
  const names = Array.from({ length: 500 }, (_, at) =>
    at % 2 === 0 ? `test[${at / 2}]` : `train[${399 - at / 2 + 0.5}]`,
  );
  const answer = { label: 0, predicted: 1, probability: 0.9, labelProbability: 0.1, loss: 2 };
  const report: SuspectsReport = {
    ...{ checkpoint: 'best', classNames: undefined, leastProbability: 0.5, thresholds: [], parts: [], suspects: 500 },
    runtime: { backend: 'wasm', device: 'cpu', version: '4' },
    first: names.map((imageName, image) => ({ part: 'train', image, imageName, ...answer })),
  };
  const survey = surveyOfPets({ equal: [], near: [], parts: [partOf('train', [400, 0]), partOf('test', [400, 0])] });
  const parts = new Map([
    ['train' as const, part('train')],
    ['test' as const, part('test')],
  ]);
  const { suspects } = await pageImages(survey, parts, report);
  expect(suspects?.images.map(({ name }) => name)).toEqual(names.slice(0, 480));
  for (const { address } of suspects!.images) expect(address).toMatch(/^data:image/);
});
