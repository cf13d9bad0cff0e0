/** Makes pictures to decode: crops of two photographs, drawn by seed, in one folder for each photograph. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { RandomGenerator } from '../../src/random.ts';

/** The photographs, of 640 × 427 pixels each, and how many crops are made of them. */
const PHOTOGRAPHS = ['china', 'flower'] as const;
export const COUNT = 5000;

/** Most pixels that a crop leaves out at either end of a side. */
const MOST_LEFT_OUT = 10;

/** Quality of the JPEGs. */
export const QUALITY = 90;

/**
 * Writes the crops as JPEGs: `china/0000.jpg`, `flower/0001.jpg` ….
 *
 * @param from the folder of the photographs
 */
export async function writeCrops(from: string, to: string): Promise<void> {
  const generator = RandomGenerator.seeded(0, 'augmentation');
  const photographs = await Promise.all(
    PHOTOGRAPHS.map((name) =>
      sharp(join(from, `${name}.jpg`))
        .raw()
        .toBuffer({ resolveWithObject: true }),
    ),
  );
  for (const name of PHOTOGRAPHS) mkdirSync(join(to, name));
  for (let index = 0; index < COUNT; index++) {
    const { data, info } = photographs[index % PHOTOGRAPHS.length]!;
    const margin = () => generator.below(MOST_LEFT_OUT + 1);
    const [left, right, top, bottom] = [margin(), margin(), margin(), margin()];
    const name = `${String(index).padStart(4, '0')}.jpg`;
    await sharp(data, { raw: info })
      .extract({ left, top, width: info.width - left - right, height: info.height - top - bottom })
      .jpeg({ quality: QUALITY })
      .toFile(join(to, PHOTOGRAPHS[index % PHOTOGRAPHS.length]!, name));
  }
}
