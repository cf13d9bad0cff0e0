/** Draws a small tree of pictures with everything that a survey finds. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const [HEIGHT, WIDTH] = [48, 64];

/** A picture of 48 × 64 pixels: a red disc for a cat, a blue bar for a dog; its number places it. */
export function petPicture(kind: 'cat' | 'dog', number: number): Sharp {
  const pixels = Buffer.alloc(HEIGHT * WIDTH * 3, 0xee);
  for (let at = 0; at < HEIGHT * WIDTH; at++) {
    const [row, column] = [Math.floor(at / WIDTH), at % WIDTH];
    const inDisc = Math.hypot(row - 10 - 3 * number, column - 10 - 5 * number) <= 6 + number;
    const inBar = Math.abs(row - 10 - 3 * number) <= 7 && Math.abs(column - 15 - 5 * number) <= 6 + 2 * number;
    if (kind === 'cat' ? inDisc : inBar) pixels.set(kind === 'cat' ? [0xcc, 0x33, 0] : [0, 0x66, 0xcc], 3 * at);
  }
  return sharp(pixels, { raw: { height: HEIGHT, width: WIDTH, channels: 3 } });
}

/**
 * Draws 15 pictures:
 *
 * - `train/`: five cats, of which `grey.png` is grey and `broken.png` is cut off; five dogs, of which `cat.png` equals
 *   the cat `1.png`; and a hidden file
 * - `test/`: two cats, of which `again.png` equals one to train on; three dogs, of which `large.jpg` is one to train on
 *   of twice the size; and a text
 *
 * @returns the folder's path
 */
export async function drawPets(top: string): Promise<string> {
  const draw = async (path: string, picture: Sharp) => {
    const bytes = await (path.endsWith('.jpg') ? picture.jpeg({ quality: 95 }) : picture.png()).toBuffer();
    write(join(top, path), bytes);
  };
  for (const number of [0, 1, 2]) await draw(`train/cat/${number}.png`, petPicture('cat', number));
  for (const number of [0, 1, 2]) await draw(`train/dog/${number}.png`, petPicture('dog', number));
  await draw('train/cat/grey.png', petPicture('cat', 6).greyscale());
  await draw('train/dog/3.jpg', petPicture('dog', 5));
  await draw('test/cat/0.png', petPicture('cat', 4));
  await draw('test/dog/0.png', petPicture('dog', 4));
  await draw('test/dog/1.png', petPicture('dog', 7));
  await draw('test/dog/large.jpg', petPicture('dog', 2).resize(128, 96));
  copyFileSync(join(top, 'train/cat/1.png'), join(top, 'train/dog/cat.png'));
  copyFileSync(join(top, 'train/cat/0.png'), join(top, 'test/cat/again.png'));
  write(join(top, 'train/cat/broken.png'), readFileSync(join(top, 'train/cat/2.png')).subarray(0, 120));
  write(join(top, 'train/cat/.hidden.png'), Buffer.of());
  write(join(top, 'test/notes.txt'), Buffer.of());
  return top;
}

function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
