/** Pictures that cannot be used: exit 3, the file named and what is wrong with it, nothing written. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeAll, expect } from '@jest/globals';
import sharp from 'sharp';
import { barPicture } from '../support/pictures.ts';
import { BINARY, command } from '../support/resnet.ts';
import { runFolder } from '../support/run-folders.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { unreadableFile } from './files.ts';
import { peakMemory } from './peak-memory.ts';
import { attempt, expectRefusal, testRefusal } from './refusal.ts';

const folder = temporaryFolder();
let checkpoint: string;
let png: Buffer;
let jpeg: Buffer;
let onePixel: Buffer;
beforeAll(async () => {
  checkpoint = join(await runFolder({ 'best.safetensors': {} }), 'best.safetensors');
  const picture = sharp(barPicture(100, 255, 0), { raw: { width: 100, height: 100, channels: 4 } });
  const pixel = picture.clone().resize(1, 1);
  [png, jpeg, onePixel] = await Promise.all(
    [picture.png(), picture.clone().jpeg(), pixel.png()].map((each) => each.toBuffer()) as [
      Promise<Buffer>,
      Promise<Buffer>,
      Promise<Buffer>,
    ],
  );
});

/** Bytes for the file, or what makes it at a path. */
type Content = () => Buffer | string | ((path: string) => void);

function testPicture(fault: string, problem: string, content: Content, skip?: string): void {
  const refusal = { code: 3, message: `file: ${problem}` };
  const run = () => {
    const path = join(mkdtempSync(join(folder, 'picture-')), 'file');
    const made = content();
    if (typeof made === 'function') made(path);
    else writeFileSync(path, made);
    return attempt(folder, ['predict', '--checkpoint', checkpoint, path]);
  };
  testRefusal(fault, refusal, run, undefined, { skip });
}

/** The PNG with a header, right in itself, that tells of another size. */
function sized(width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

const SVG_BOMB = `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">${[...'bcdefghi']
  .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefgh'[index]};`.repeat(10)}">`)
  .join('')}]><svg xmlns="http://www.w3.org/2000/svg"><text>&i;</text></svg>`;

const noPicture = 'is not a picture that can be read; give PNG';
const blank = 'is blank: no digit stands out from its paper';
testPicture('a PNG that was cut', 'is damaged or cut off (', () => png.subarray(0, -40));
testPicture('a PNG cut in its header', 'is damaged or cut off (', () => png.subarray(0, 20));
testPicture('a JPEG that was cut', 'is damaged or cut off (', () => jpeg.subarray(0, -40));
testPicture('a PNG of 3600 million pixels, by its header', 'has more than 64 million pixels', () =>
  sized(60_000, 60_000),
);
testPicture('a PNG of an impossible size', 'is damaged or cut off (', () => sized(2 ** 31 - 1, 2 ** 31 - 1));
testPicture('a text', noPicture, () => 'a text\n');
testPicture('an SVG whose entities unfold to a gigabyte', noPicture, () => SVG_BOMB);
testPicture('an empty file', 'is empty', () => '');
testPicture('a picture of one pixel', blank, () => onePixel);
testPicture('a folder', 'is a folder; name the pictures in it', () => (path) => mkdirSync(path));
testPicture('a named pipe', 'is a device; pipe its picture in', () => (path) => execFileSync('mkfifo', [path]));
testPicture('a device', 'is a device; pipe its picture in', () => (path) => symlinkSync('/dev/zero', path));
testPicture('a file that is not there', 'no such file', () => () => {});
testPicture(
  'a file that cannot be read',
  'cannot be read (EACCES); check its permissions',
  () => (path) => unreadableFile.make(path),
  unreadableFile.impossible,
);
testPicture('a file of a gigabyte', 'has more than 64 MiB', () => (path) => {
  writeFileSync(path, png);
  truncateSync(path, 2 ** 30);
});

testRefusal('no picture', { code: 2, message: 'FILES: at least one is needed' }, () => attempt(folder, ['predict']));
testRefusal('a picture without a name', { code: 2, message: 'FILES: each must be a path, got ""' }, () =>
  attempt(folder, ['predict', '']),
);
testRefusal('standard input given twice', { code: 2, message: '- may be given once' }, () =>
  attempt(folder, ['predict', '-', '-']),
);
testRefusal('pictures, but no run', { code: 4, message: 'checkpoints: no such run or checkpoint; make one' }, () =>
  attempt(folder, ['predict', 'picture.png']),
);

/** More than Node, the tool and the decoder take, and less than what would come in a second. */
const BOUND_MIB = 384;

testFault(
  `standard input that never ends (in less than ${BOUND_MIB} MiB of memory)`,
  'exit 3: standard input: has more than 64 MiB',
  async (see) => {
    const memory = peakMemory(folder);
    const shell = '"$NODE" "$TOOL" predict --checkpoint "$CHECKPOINT" - </dev/zero';
    const words = { NODE: process.execPath, TOOL: BINARY, CHECKPOINT: checkpoint };
    const finished = await command(['sh', '-c', shell], { ...words, ...memory.environment });
    see(`exit ${finished.code}, ${memory.peakMiB().toFixed(0)} MiB: ${finished.stderr}`);
    expectRefusal({ ...finished, written: [] }, { code: 3, message: 'standard input: has more than 64 MiB' });
    expect(memory.peakMiB()).toBeLessThan(BOUND_MIB);
  },
);
