/** Pictures that cannot be used: exit 3, each file named and what is wrong with it, in their order; nothing written. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeAll, expect } from '@jest/globals';
import sharp from 'sharp';
import { barPicture } from '../support/pictures.ts';
import { type Attempt, BINARY, command } from '../support/resnet.ts';
import { runFolder } from '../support/run-folders.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type See, testFault } from './fault.ts';
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

/** Makes each picture, by its path. */
const contents = new Map<string, Content>();
/** What one command said of all the pictures: a line for each, in their order. */
let attempted: Attempt;

function testPicture(fault: string, problem: string, content: Content, skip?: string): void {
  const name = `file-${contents.size}`;
  const path = join(folder, name);
  if (skip === undefined) contents.set(path, content);
  const index = contents.size - 1;
  const check = (see: See) => {
    const line = attempted.stderr.split('\n')[index] ?? '';
    see(`exit ${attempted.code}: ${line}`);
    expectRefusal({ ...attempted, stderr: `${line}\n` }, { code: 3, message: `${name}: ${problem}` });
    expect(line.length).toBeLessThan(200 + folder.length);
  };
  testFault(fault, `exit 3: ${problem}`, check, { skip });
}

/** Makes all pictures and gives them to one command. */
beforeAll(async () => {
  for (const [path, content] of contents) {
    const made = content();
    if (typeof made === 'function') made(path);
    else writeFileSync(path, made);
  }
  attempted = await attempt(folder, ['predict', '--checkpoint', checkpoint, ...contents.keys()]);
}, 60_000);

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

/** How a telephone's HEIC begins. */
const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');

const damaged = 'is damaged or cut off; copy it again, or save it as a new PNG or JPEG';
const blank = 'is blank: no digit stands out from its paper';
testPicture('a PNG that was cut', damaged, () => png.subarray(0, -40));
testPicture('a PNG cut in its header', damaged, () => png.subarray(0, 20));
testPicture('a JPEG that was cut', damaged, () => jpeg.subarray(0, -40));
testPicture('a PNG of 3600 million pixels, by its header', 'has more than 64 million pixels', () =>
  sized(60_000, 60_000),
);
testPicture('a PNG of an impossible size', damaged, () => sized(2 ** 31 - 1, 2 ** 31 - 1));
testPicture('a HEIC', 'is a HEIC picture, which cannot be read here; save it as PNG or JPEG', () => HEIC);
testPicture('a text', 'is text, not a picture; give PNG, JPEG, WebP, GIF, TIFF, AVIF or PPM', () => 'a text\n');
testPicture('an SVG whose entities unfold to a gigabyte', 'is an SVG picture, which cannot be read', () => SVG_BOMB);
testPicture('an empty file', 'is empty', () => '');
testPicture('a picture of one pixel', blank, () => onePixel);
testPicture(
  'an empty folder',
  'is a folder without a picture; give one that holds PNG',
  () => (path) => mkdirSync(path),
);
testPicture('a named pipe', 'is a named pipe; pipe its picture in', () => (path) => execFileSync('mkfifo', [path]));
testPicture('a device', 'is a device; pipe its picture in', () => (path) => symlinkSync('/dev/zero', path));
testPicture('a file that is not there', 'no such file', () => () => {});
testPicture('a link to itself', 'is a link that leads round in a circle; name the picture itself', () => (path) => {
  symlinkSync(path, path);
});
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

testFault('a PNG that was cut, with RESNET_DEBUG=1', 'exit 3: the stack, and what the decoder said', async (see) => {
  const path = join(folder, 'cut.png');
  writeFileSync(path, png.subarray(0, -40));
  const { code, stderr } = await attempt(folder, ['predict', '--checkpoint', checkpoint, path], { RESNET_DEBUG: '1' });
  see(`exit ${code}: ${stderr}`);
  expect(code).toBe(3);
  expect(stderr).toMatch(/cause\]: Error: vipspng: libpng read error/);
});

testRefusal('no picture', { code: 2, message: 'FILES: at least one is needed' }, () => attempt(folder, ['predict']));
testRefusal('a picture without a name', { code: 2, message: 'FILES: each must be a path, got ""' }, () =>
  attempt(folder, ['predict', '']),
);
testRefusal('standard input given twice', { code: 2, message: '- may be given once' }, () =>
  attempt(folder, ['predict', '-', '-']),
);
testRefusal(
  'pictures, but no run in the folder that is named',
  { code: 4, message: 'checkpoints: no such run or checkpoint; make one' },
  () => attempt(folder, ['predict', 'picture.png', '--checkpoint-dir', 'checkpoints']),
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
