/** Digits on clean paper in all sizes, formats and colours: each kind is one entry. */
import sharp, { type Sharp } from 'sharp';
import { Canvas, type Colour } from './canvas.ts';
import type { Dice } from './dice.ts';
import type { Digit } from './digits.ts';
import { linearLight } from './light.ts';
import { natural } from './pen.ts';
import { type Draw, photo } from './photo.ts';
import { placeFor, sheetOf, write } from './sheet.ts';

/** EXIF's orientations, and by how many degrees clockwise the stored picture is turned against the upright one. */
const ORIENTATIONS = [
  [3, 180],
  [6, 270],
  [8, 90],
] as const;

export const FORMATS = {
  'as MNIST has them': async (_, digit) => grey(digit).png(),
  'odd sizes, inverted or not': async (dice, digit) => {
    const placed = await enlarged(dice, digit, dice.whole([37, 436]), 'black');
    return (dice.chance(0.5) ? placed.negate() : placed).png();
  },
  'JPEG of quality 40': async (dice, digit) => {
    const placed = await enlarged(dice, digit, dice.whole([60, 360]), 'black');
    const [paper, ink] = [dice.within([200, 235]), dice.within([60, 120])];
    return placed.linear((ink - paper) / 255, paper).jpeg({ quality: 40 });
  },
  'noisy photograph of 900 × 600': async (dice, { figure }) => {
    const canvas = new Canvas(900, 600, [225, 222, 215]);
    const sheet = { ...sheetOf(dice), canvas, angle: 0, area: { x: 0, y: 0, width: 800, height: 520 } };
    canvas.paintLayer(sheet.ink, natural(figure, placeFor(sheet, figure)));
    linearLight(sheet, [0.45, 0.7]);
    return (await canvas.photograph(dice, { blur: 1, grain: dice.within([6, 14]) })).jpeg({ quality: 75 });
  },
  'transparent paper': async (dice, digit) => {
    const size = dice.whole([120, 500]);
    const cover = await (await enlarged(dice, digit, size, 'black')).raw().toBuffer({ resolveWithObject: true });
    const { width, height, channels } = cover.info;
    const pixels = Buffer.alloc(width * height * 4);
    const ink = dice.of<Colour>([
      [0, 0, 0],
      [20, 40, 140],
      [255, 255, 255],
    ]);
    for (let at = 0; at < width * height; at++) pixels.set([...ink, cover.data[at * channels]!], 4 * at);
    return sharp(pixels, { raw: { width, height, channels: 4 } }).png();
  },
  CMYK: async (dice, digit) => flat(dice, digit).toColourspace('cmyk').jpeg({ quality: 85 }),
  '16 bit': async (dice, digit) => flat(dice, digit).toColourspace('rgb16').png(),
  'turned by EXIF': async (dice, digit) => {
    const [orientation, turn] = dice.of(ORIENTATIONS);
    return flat(dice, digit).rotate(turn).withMetadata({ orientation }).jpeg({ quality: 85 });
  },
  'coloured ink on coloured paper': photo({
    sheet: {
      papers: [
        [255, 236, 120], // sticky notes
        [255, 190, 205],
        [170, 220, 240],
        [190, 235, 160],
        [255, 205, 140],
      ],
      inks: [
        [150, 20, 60],
        [20, 70, 150],
        [90, 30, 130],
        [10, 95, 60],
        [110, 60, 20],
      ],
    },
  }),
  '12 × 12 to 6000 × 4000': async (dice, digit) => {
    if (dice.chance(0.05)) {
      const { data, info } = await flat(dice, digit).raw().toBuffer({ resolveWithObject: true });
      const { width, height, channels } = info;
      const size = dice.chance(0.5) ? { width: 6000, height: 4000 } : { width: 4000, height: 3000 };
      return sharp(data, { raw: { width, height, channels } })
        .resize({ ...size, fit: 'fill' })
        .jpeg({ quality: 80 });
    }
    const side = Math.round(Math.exp(dice.within([Math.log(12), Math.log(1200)])));
    return grey(digit).negate().resize(side, side, { kernel: 'cubic' }).png();
  },
} satisfies Record<string, Draw>;

function grey({ image: { pixels, height, width } }: Digit): Sharp {
  return sharp(Buffer.from(pixels), { raw: { height, width, channels: 1 } }).toColourspace('b-w');
}

/** A digit enlarged to `side`, light on black, with margins of any size around it. */
async function enlarged(dice: Dice, digit: Digit, side: number, background: string): Promise<Sharp> {
  const margin = () => dice.whole([0, Math.round(side / 2)]);
  const margins = { top: margin(), bottom: margin(), left: margin(), right: margin() };
  const { data, info } = await grey(digit)
    .resize(side, side, { kernel: 'cubic' })
    .extend({ ...margins, background })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } }).toColourspace('b-w');
}

/** A digit on paper, without a camera. */
function flat(dice: Dice, { figure }: Digit): Sharp {
  const sheet = sheetOf(dice);
  write(sheet, figure);
  return sheet.canvas.flat();
}
