/** `resnet predict --show`, by the real binary: its files, its folder, its JSON, and its drawings in a terminal. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { unblockDecoders } from '../support/decoders.ts';
import { digitPicture, odd } from '../support/pictures.ts';
import { BINARY, command, type Finished } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inTerminal } from '../support/terminal.ts';

unblockDecoders();

const folder = temporaryFolder();
const WORDS = [process.execPath, BINARY, 'predict', '--checkpoint', 'run/best.safetensors', '--no-compile'];

/** `resnet predict …words` in the folder. */
const predict = (...words: string[]): Promise<Finished> => command([...WORDS, ...words], {}, folder);

describeWithTensorFlow('resnet predict --show', () => {
  beforeAll(async () => {
    await copySharedRun(join(folder, 'run'));
    mkdirSync(join(folder, 'b'));
    await (await odd(0, 600, 400, true)).jpeg().toFile(join(folder, 'a.jpg'));
    await digitPicture(1)
      .png()
      .toFile(join(folder, 'b', 'a.png'));
    await sharp({ create: { width: 90, height: 60, channels: 3, background: '#eee' } }).toFile(
      join(folder, 'blank.png'),
    );
    writeFileSync(join(folder, 'text.png'), 'no picture');
  });

  test('writes a picture of each that was decoded, again over its own, and names it in JSON', async () => {
    const words = ['--json', '--show', 'made/shown', 'a.jpg', 'text.png', 'b/a.png', 'blank.png'];
    const first = await predict(...words);
    const files = ['a-seen.png', 'a-seen-2.png', 'blank-seen.png'].map((name) => join('made', 'shown', name));
    expect(first.code).toBe(3);
    expect(first.stderr).toMatch(/what the network saw: 3 pictures in made\/shown$/m);
    const [photo, text, small, blank] = JSON.parse(first.stdout);
    expect([photo.shown, text.shown, small.shown, blank.shown]).toEqual([files[0], undefined, files[1], files[2]]);
    expect([text.box, blank.box, text.code, blank.code]).toEqual([undefined, undefined, 3, 3]);
    const { left, top, width, height } = photo.box;
    expect([left, top].every((side) => side > 0)).toBe(true);
    expect([left + width, top + height].every((side, axis) => side < [400, 600][axis]!)).toBe(true);
    expect(JSON.stringify(photo)).not.toContain('original'); // the picture itself is no part of it
    expect(readdirSync(join(folder, 'made', 'shown')).sort()).toEqual(['a-seen-2.png', 'a-seen.png', 'blank-seen.png']);

    const pngs = files.map((file) => readFileSync(join(folder, file)));
    expect((await predict(...words)).stdout).toBe(first.stdout);
    expect(files.map((file, index) => readFileSync(join(folder, file)).equals(pngs[index]!))).toEqual([
      true,
      true,
      true,
    ]);
    const box = await Promise.all(pngs.map(orangePixels));
    expect(box.map((count) => count > 100)).toEqual([true, true, false]);
  });

  test('replaces no other file unasked (exit 5), and does not begin where it cannot write', async () => {
    mkdirSync(join(folder, 'own'));
    writeFileSync(join(folder, 'own', 'a-seen.png'), 'of the user');
    const refused = await predict('--show', 'own', 'a.jpg');
    expect([refused.code, refused.stdout]).toEqual([5, '']);
    expect(refused.stderr).toBe(
      'resnet: the pictures are not written, because own/a-seen.png exists and is no picture of ' +
        'resnet predict --show; give --overwrite to replace it, or another folder with --show\n',
    );
    const asked = await predict('--show', 'own', '--overwrite', 'a.jpg');
    expect(asked.code).toBe(0);
    expect(asked.stderr).toMatch(/^model trained on MNIST\n(.*\n)?what the network saw: own\/a-seen\.png\n$/);
    const noFolder = await predict('--show', 'text.png', 'a.jpg');
    expect([noFolder.code, noFolder.stdout]).toEqual([5, '']);
    expect(noFolder.stderr).toMatch(/^resnet: text\.png: not a folder .*; choose another with --show\n$/);
  });

  test.each([
    ['of 256 colours draws them under the answer', {}, 14],
    ['of other characters than UTF-8 draws none', { LC_ALL: 'C' }, 0],
  ])('a terminal %s', async (_, environment, rows) => {
    const words = ['bash', '-c', 'cd "$0" && "$@"', folder, ...WORDS, '--show', 'terminal', 'a.jpg'];
    const { code, notes } = await inTerminal(words, [['wait', 'a.jpg: '], ['wait', '\u001b[?25h'], ['rows']], {
      environment,
    });
    const screen = notes[0] as string[];
    const answer = screen.findIndex((row) => /^a\.jpg: \d \(/.test(row));
    expect([code, answer >= 0]).toEqual([0, true]);
    expect(screen.filter((row) => row.includes('▀'))).toEqual(screen.slice(answer + 1, answer + 1 + rows));
    // 400 × 600 pixels are 19 × 28, two of them a character; the image is 28 × 28. A row's first drawn character is "*".
    if (rows > 0) expect(screen[answer + 1]).toBe(`*${'▀'.repeat(18)}  ${'▀'.repeat(28)}`);
  });
});

/** Number of a PNG's pixels that have the colour of the box. */
async function orangePixels(png: Buffer): Promise<number> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    if (Math.abs(red - 0xd5) + Math.abs(green - 0x5e) + blue < 60) count += 1;
  }
  return count;
}
