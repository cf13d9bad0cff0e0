/**
 * `npm run docs:data -- FOLDER`: draws the data of docs/data.md into a folder: a tree of 6,000 pictures, an `.npz` file and
 * CIFAR's binary layout, of 6,000 images each, and 30 pictures that none of them holds. The same version of sharp draws the same files.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeDigitCifar } from './draw-data/digit-cifar.ts';
import { writeDigitNpz } from './draw-data/digit-npz.ts';
import { writeDigitTree } from './draw-data/digit-tree.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('give the folder to draw into: npm run docs:data -- FOLDER');
  process.exitCode = 2;
} else {
  mkdirSync(folder, { recursive: true });
  await writeDigitTree(join(folder, 'digits'), { ofEach: 600, side: 64 });
  await writeDigitTree(join(folder, 'new'), { ofEach: 3, side: 64, first: 600 });
  await writeDigitNpz(join(folder, 'digits.npz'), { train: 4800, val: 600, test: 600 });
  await writeDigitCifar(join(folder, 'cifar'), 1000);
}
