/** The kinds of pictures: each is one entry. */
import type { Sharp } from 'sharp';
import { deskAround, deskBeside, thumb } from './desk.ts';
import type { Dice } from './dice.ts';
import type { Figure } from './figure.ts';
import { linearLight, shadowEdge, vignette } from './light.ts';
import { edgeFrame, innerFrame, margin, rule, square, titleBar } from './lines.ts';
import { pencil, thickPen, thinPen } from './pens.ts';
import { type Sheet, type SheetOptions, sheetOf, write } from './sheet.ts';

/** Draws a picture; `figure` is the digit to write. */
type Draw = (dice: Dice, figure: Figure) => Promise<Sharp>;

/** What a camera makes of a sheet: nearly sharp, little grain, a JPEG of fair quality. */
async function photograph({ canvas, dice }: Sheet): Promise<Sharp> {
  const seen = await canvas.photograph(dice, { blur: dice.within([0, 1.3]), grain: dice.within([0.5, 4]) });
  return seen.jpeg({ quality: dice.whole([60, 93]) });
}

/**
 * A photographed sheet.
 *
 * @param before what the sheet has before someone writes on it; may say where there is room
 * @param after what comes after
 */
function photo(
  before: (sheet: Sheet) => Sheet,
  after: (sheet: Sheet) => void = () => {},
  options?: SheetOptions,
): Draw {
  return (dice, figure) => {
    const bare = sheetOf(dice, options);
    const sheet = before(bare);
    write(sheet, figure);
    after(sheet);
    return photograph(sheet);
  };
}

const blank = (sheet: Sheet) => sheet;
const sometimesRuled = (sheet: Sheet) => (sheet.dice.chance(0.5) ? rule(sheet) : sheet);

export const DIGIT_KINDS = {
  plain: photo(blank),
  ruled: photo((sheet) => rule(sheet)),
  squared: photo(square),
  'frame at the edge': photo(edgeFrame, () => {}, { turn: 4 }),
  'frame inside': photo(innerFrame),
  'desk around': photo(deskAround, (sheet) => linearLight(sheet, [0.7, 1])),
  'desk at one side': photo(deskBeside, (sheet) => linearLight(sheet, [0.7, 1])),
  thumb: async (dice, figure) => {
    const bare = sheetOf(dice);
    write(thumb(bare), figure, { height: [0.3, 0.7] });
    return photograph(bare);
  },
  'shadow edge': photo(blank, shadowEdge),
  vignette: photo(blank, vignette),
  'linear light': photo(blank, (sheet) => linearLight(sheet)),
  'JPEG noise': async (dice, figure) => {
    const sheet = sheetOf(dice);
    write(sheet, figure);
    const seen = await sheet.canvas.photograph(dice, { blur: dice.within([0.5, 1.5]), grain: dice.within([8, 22]) });
    return seen.jpeg({ quality: dice.whole([12, 35]) });
  },
  'red margin line': photo((sheet) => margin(sometimesRuled(sheet))),
  'dark title bar': async (dice, figure) => {
    const sheet = titleBar(
      sheetOf(dice, {
        turn: 0,
        papers: [
          [255, 255, 255],
          [250, 250, 250],
          [255, 252, 235],
        ],
      }),
    );
    write(sheet, figure);
    return dice.chance(0.7)
      ? sheet.canvas.flat().png({ compressionLevel: 3 })
      : sheet.canvas.flat().jpeg({ quality: 85 });
  },
  'thin pen': async (dice, figure) => photograph(thinPen(dice, figure)),
  'thick pen': async (dice, figure) => photograph(thickPen(dice, figure)),
  pencil: async (dice, figure) => photograph(pencil(dice, figure)),
} satisfies Record<string, Draw>;
