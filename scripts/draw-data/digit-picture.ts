/** Draws a digit in an ink on a paper: face, colours, size, place, slant and noise are drawn by lot. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { RandomGenerator } from '../../src/random.ts';
import { Dice } from '../../test/image/surroundings/dice.ts';
import { type FontFace, fontFaces } from './font-faces.ts';

/** Least difference of brightness between ink and paper, 0 to 255. */
const LEAST_CONTRAST = 90;

/** Most that a digit is turned to either side, in degrees. */
const MOST_TURN = 12;

/** Most that the standard deviation of the noise is, in levels of 255. */
const MOST_NOISE = 8;

type Colour = readonly [red: number, green: number, blue: number];

/** Which picture: the same set, index, digit and side give the same picture. */
export interface DigitPicture {
  /** Name of the data set: another has other pictures. */
  readonly set: string;
  readonly index: number;
  /** 0 to 9 */
  readonly digit: number;
  /** Height and width in pixels. */
  readonly side: number;
}

/** @returns [side, side, 3], red, green and blue from 0 to 255 */
export async function drawDigit({ set, index, digit, side }: DigitPicture): Promise<Buffer> {
  const dice = new Dice(createHash('sha256').update(`${set} ${index}`).digest().readUInt32BE());
  const face = dice.of(await fontFaces());
  const paper = colour(dice);
  let ink = colour(dice);
  while (Math.abs(brightness(ink) - brightness(paper)) < LEAST_CONTRAST) ink = colour(dice);
  const drawing = drawingOf(digit, side, { dice, face, ink, paper });
  const pixels = await sharp(Buffer.from(drawing)).removeAlpha().raw().toBuffer();
  addNoise(pixels, dice);
  return pixels;
}

/** Normally distributed numbers, of which each picture takes another stretch: to draw new ones would take longer than all else. */
const NOISE = new Float32Array(2 ** 16);
RandomGenerator.seeded(0, 'augmentation').fillNormal(NOISE, 1);

function addNoise(pixels: Buffer, dice: Dice): void {
  const deviation = dice.within([0, MOST_NOISE]);
  let from = dice.whole([0, NOISE.length - 1]);
  for (let at = 0; at < pixels.length; at++) {
    from = (from + 1) % NOISE.length;
    pixels[at] = Math.max(0, Math.min(255, Math.round(pixels[at]! + deviation * NOISE[from]!)));
  }
}

function colour(dice: Dice): Colour {
  return [dice.whole([0, 255]), dice.whole([0, 255]), dice.whole([0, 255])];
}

/** As the eye weighs the three colours (ITU-R 601-2). */
function brightness([red, green, blue]: Colour): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** The digit as SVG: its middle is near that of the picture. */
function drawingOf(
  digit: number,
  side: number,
  { dice, face, ink, paper }: { dice: Dice; face: FontFace; ink: Colour; paper: Colour },
): string {
  const size = side * dice.within([0.6, 0.95]);
  const [x, middle] = [side * dice.within([0.42, 0.58]), side * dice.within([0.42, 0.58])];
  const turn = dice.within([-MOST_TURN, MOST_TURN]);
  const CAPITAL_HEIGHT = 0.729; // of the font's size, in all faces of DejaVu
  const baseline = middle + (CAPITAL_HEIGHT / 2) * size;
  const font = `font-family="${face.family}" font-weight="${face.weight}" font-style="${face.style}" font-size="${size}"`;
  const place = `x="${x}" y="${baseline}" text-anchor="middle" transform="rotate(${turn} ${x} ${middle})"`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">` +
    `<rect width="${side}" height="${side}" fill="rgb(${paper})"/>` +
    `<text ${font} ${place} fill="rgb(${ink})">${digit}</text></svg>`
  );
}
