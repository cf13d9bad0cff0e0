/** Tests of the pictures of digits in surroundings: the same seed gives the same bytes, and each shows its digit. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { loadDataset } from '../../../src/dataset/load.ts';
import { imageIn } from '../../../src/dataset/pixels.ts';
import { unblockDecoders } from '../../support/decoders.ts';
import { decodeImage } from '../../support/pictures.ts';
import { Dice } from './dice.ts';
import { chosenDigit } from './digits.ts';
import { natural, written } from './pen.ts';
import { KINDS, type Kind, type PictureFile, pictureOf, picturesOf, wordOf } from './pictures.ts';

/** Kinds whose pictures show no digit, or two. */
const WITHOUT_LABEL: readonly Kind[] = [
  ...(['two figures', 'letter', 'ink blot', 'ruled paper alone', 'scribble', 'desk alone'] as const),
];

const digits = { choosing: await loadDataset('train'), reporting: await loadDataset('test') };

describe('pictures by seed', () => {
  test('a kind, a half and an index give the same bytes each time', async () => {
    const [first, again, other] = await Promise.all([
      pictureOf('ruled', 'reporting', 4),
      pictureOf('ruled', 'reporting', 4),
      pictureOf('ruled', 'reporting', 14),
    ]);
    expect(again).toEqual(first);
    expect(other.label).toBe(first.label);
    expect(other.bytes.equals(first.bytes)).toBe(false);
  });

  test('picturesOf gives as many pictures as asked for, one label after the other, with names of their own', async () => {
    const pictures: PictureFile[] = [];
    for await (const picture of picturesOf('as MNIST has them', 'reporting', 12)) pictures.push(picture);
    expect(pictures.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(new Set(pictures.map(({ name }) => name)).size).toBe(12);
  });

  test('to choose by, digits come from the training images alone; to report, from the test images alone', async () => {
    for (const [half, part] of [
      ['choosing', 'train'],
      ['reporting', 'test'],
    ] as const) {
      for await (const { source, label, bytes } of picturesOf('as MNIST has them', half, 10)) {
        expect(source.part).toBe(part);
        expect(label).toBe(digits[half].labels[source.index]);
        expect((await decodeImage(bytes, 'picture')).pixels).toEqual(imageIn(digits[half], source.index).pixels);
      }
    }
  });
});

describe('every kind', () => {
  beforeAll(unblockDecoders);

  test.each(KINDS)('%s: the picture can be read, is not blank, and says which digit it shows', async (kind) => {
    const { name, bytes, label } = await pictureOf(kind, 'reporting', 3);
    expect(name).toMatch(new RegExp(`^${wordOf(kind)}-003\\.(png|jpeg)$`));
    const { width, height } = await sharp(bytes).metadata();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(12);
    const { channels } = await sharp(bytes).stats();
    expect(Math.max(...channels.map(({ min, max }) => max - min))).toBeGreaterThan(20);
    expect(label).toBe(WITHOUT_LABEL.includes(kind) ? undefined : 3);
  });
});

describe('the shape of a digit', () => {
  const pose = { x: 14, y: 14, angle: 0, scale: 1 / 6 };

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    '%i written at the size of MNIST covers what MNIST has inked',
    async (label) => {
      const { figure, image } = await chosenDigit(digits.reporting, label, new Dice(label));
      const { box } = figure;
      const place = { ...pose, x: (box.left + box.right) / 12, y: (box.top + box.bottom) / 12 };
      const { left, top, width, cover } = natural(figure, place);
      const difference = image.pixels.reduce((sum, level, at) => {
        const [column, row] = [(at % 28) - left, Math.floor(at / 28) - top];
        return sum + Math.abs(level / 255 - (cover[row * width + column] ?? 0));
      }, 0);
      const ink = image.pixels.reduce((sum, level) => sum + level / 255, 0);
      expect(difference / ink).toBeLessThan(0.2);
    },
  );

  test('a pen of the width of a pixel stays within the ink of the digit', async () => {
    const { figure } = await chosenDigit(digits.reporting, 8, new Dice(1));
    const thin = written(figure, { ...pose, scale: 1, x: 84, y: 84 }, 1);
    const wide = natural(figure, { ...pose, scale: 1, x: 84, y: 84 });
    const outside = [...thin.cover.keys()].filter((at) => {
      const [x, y] = [(at % thin.width) + thin.left, Math.floor(at / thin.width) + thin.top];
      return thin.cover[at]! > 0.5 && (wide.cover[(y - wide.top) * wide.width + x - wide.left] ?? 0) < 0.5;
    });
    expect(outside).toEqual([]);
  });
});
