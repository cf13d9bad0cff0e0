/** Writes drawn digits as a tree of pictures: a folder a class. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawDigit } from './digit-picture.ts';

/** Names of the digits from 0 on. */
export const DIGIT_NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;

/** The formats of the pictures, in turns. */
const FORMATS = ['png', 'jpeg', 'webp'] as const;

/** Which pictures a tree has. */
export interface TreeOptions {
  /** Pictures of each class. */
  readonly ofEach: number;
  /** Height and width in pixels. */
  readonly side: number;
  /** Number of the first picture of each class: trees of other numbers have other pictures. Default: 0. */
  readonly first?: number;
  /** Default: all ten. */
  readonly digits?: readonly number[];
}

/** Writes `FOLDER/zero/0000.png`, `FOLDER/zero/0001.jpeg`, `FOLDER/zero/0002.webp`, … */
export async function writeDigitTree(folder: string, options: TreeOptions): Promise<void> {
  const { ofEach, side, first = 0, digits = DIGIT_NAMES.keys() } = options;
  for (const digit of digits) {
    const target = join(folder, DIGIT_NAMES[digit]!);
    await mkdir(target, { recursive: true });
    for (let index = first; index < first + ofEach; index++) {
      const format = FORMATS[index % FORMATS.length]!;
      const raw = { height: side, width: side, channels: 3 } as const;
      const pixels = await drawDigit({ set: 'tree', index: 10 * index + digit, digit, side });
      const picture = sharp(pixels, { raw }).toFormat(format, { quality: 90 });
      await writeFile(join(target, `${String(index).padStart(4, '0')}.${format}`), await picture.toBuffer());
    }
  }
}
