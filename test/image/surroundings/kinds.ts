/** Digits in the surroundings in which people photograph and draw them: each kind is one entry. */
import { deskAround, deskBeside, thumb } from './desk.ts';
import { linearLight, roomLight, shadowEdge, vignette } from './light.ts';
import { edgeFrame, innerFrame, margin, rule, square, titleBar } from './lines.ts';
import { blackboard, pencil, thickPen, thinPen } from './pens.ts';
import { type Draw, either, maybe, photo } from './photo.ts';
import { SCREEN_PAPERS, sheetOf, write } from './sheet.ts';

const AS_DARK_AS_INK = { contrast: [[0.6, 1]], width: [2, 5] } as const;

export const SURROUNDINGS = {
  plain: photo(),
  ruled: photo({ before: [rule] }),
  squared: photo({ before: [square] }),
  'frame at the edge': photo({ sheet: { turn: 4 }, before: [edgeFrame] }),
  'frame inside': photo({ before: [innerFrame] }),
  'desk around': photo({ before: [deskAround], after: [roomLight] }),
  'desk at one side': photo({ before: [deskBeside], after: [roomLight] }),
  thumb: photo({ before: [thumb], writing: { height: [0.3, 0.7] }, after: [roomLight] }),
  'shadow edge': photo({ after: [shadowEdge] }),
  vignette: photo({ after: [vignette] }),
  'linear light': photo({ after: [linearLight] }),
  'JPEG noise': async (dice, { figure }) => {
    const sheet = sheetOf(dice);
    write(sheet, figure);
    const seen = await sheet.canvas.photograph(dice, { blur: dice.within([0.5, 1.5]), grain: dice.within([8, 22]) });
    return seen.jpeg({ quality: dice.whole([12, 35]) });
  },
  'red margin line': photo({ before: [maybe(0.5, rule), margin] }),
  'dark title bar': async (dice, { figure }) => {
    const sheet = titleBar(sheetOf(dice, { turn: 0, papers: SCREEN_PAPERS }));
    write(sheet, figure);
    const seen = sheet.canvas.flat();
    return dice.chance(0.7) ? seen.png({ compressionLevel: 3 }) : seen.jpeg({ quality: 85 });
  },
  'thin pen': thinPen,
  'thick pen': thickPen,
  pencil,
  'dark ruled': photo({ before: [(sheet) => rule(sheet, AS_DARK_AS_INK)] }),
  'dark squared': photo({ before: [(sheet) => square(sheet, AS_DARK_AS_INK)] }),
  blackboard,
  several: photo({
    before: [either(rule, square), either(deskAround, deskBeside, thumb)],
    writing: { height: [0.35, 0.7] },
    after: [either(roomLight, shadowEdge, vignette, linearLight)],
  }),
} satisfies Record<string, Draw>;
