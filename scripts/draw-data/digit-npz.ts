/** Writes drawn digits as an `.npz` file of MedMNIST's layout: `train_images`, `train_labels`, and so on. */
import { writeFile } from 'node:fs/promises';
import { drawDigit } from './digit-picture.ts';
import { npyBytes } from './npy.ts';
import { storedZip } from './zip.ts';

/** Height and width in pixels. */
const SIDE = 28;

/** Writes the file: images are N×28×28×3 bytes, labels N×1. The digits come in turns. */
export async function writeDigitNpz(path: string, counts: Readonly<Record<'train' | 'val' | 'test', number>>) {
  const entries: [string, Buffer][] = [];
  for (const [part, count] of Object.entries(counts)) {
    const images = Buffer.alloc(count * SIDE * SIDE * 3);
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 10);
    for (const [index, digit] of labels.entries()) {
      const pixels = await drawDigit({ set: `npz ${part}`, index, digit, side: SIDE });
      images.set(pixels, index * pixels.length);
    }
    entries.push([`${part}_images.npy`, npyBytes([count, SIDE, SIDE, 3], images)]);
    entries.push([`${part}_labels.npy`, npyBytes([count, 1], labels)]);
  }
  await writeFile(path, storedZip(entries));
}
