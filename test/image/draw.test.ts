/** Tests of writing drawings and images as PNG files. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { imageToPng } from '../../src/image/draw.ts';
import { decodeImage } from '../support/pictures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

/** A program that calls `svgToPng`. It runs in a child process because fontconfig reads its environment only once. */
const DRAW = `
  const { FONT_FAMILY, svgToPng } = await import(process.argv[1]);
  const text = '<text y="30" font-size="24" font-family="' + FONT_FAMILY + '">Loss 0.1</text>';
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40">' + text + '</svg>';
  process.stdout.write((await svgToPng(svg)).toString('base64'));
`;

function drawText(environment: NodeJS.ProcessEnv): Buffer {
  const { NODE_OPTIONS: _ofJest, ...env } = { ...process.env, ...environment };
  const draw = new URL('../../dist/src/image/draw.js', import.meta.url).href;
  const words = ['--input-type=module', '--eval', DRAW, draw];
  return Buffer.from(execFileSync(process.execPath, words, { env, encoding: 'utf8' }), 'base64');
}

test('a drawing shows its text in black on white, with the same letters on a machine without fonts', async () => {
  const none = join(folder, 'fonts.conf');
  writeFileSync(none, '<?xml version="1.0"?><fontconfig></fontconfig>');
  const [here, bare] = [drawText({}), drawText({ FONTCONFIG_FILE: none })];
  expect(bare.equals(here)).toBe(true);
  const { pixels, height, width } = await decodeImage(bare, 'the drawing');
  expect([width, height]).toEqual([200, 80]);
  const dark = pixels.filter((value) => value < 64).length / pixels.length;
  expect(dark).toBeGreaterThan(0.05);
  expect(dark).toBeLessThan(0.4);
});

test('an image is drawn pixel by pixel', async () => {
  const pixels = Uint8Array.of(0, 50, 100, 150, 200, 255);
  const image = { pixels, height: 2, width: 3 };
  expect(await decodeImage(await imageToPng(image), 'the image')).toEqual({
    ...image,
    original: { height: 2, width: 3 },
  });
});
