/** The worst mistakes of a model, as text pictures side by side. */
import type { Prediction } from '../evaluation/predictions.ts';
import { percentage } from '../numbers.ts';
import { printable } from '../printable.ts';
import { confusionText } from './classes.ts';
import { type Picture, pictureLines } from './picture.ts';
import { type Screen, wrapped } from './screen.ts';

/** A mistake with its image. */
export interface ShownMistake extends Prediction {
  readonly picture: Picture;
}

/** Most characters of a picture's name. */
const MAX_NAME_CHARACTERS = 28;

/** Space between two pictures. */
const GAP = '  ';

/**
 * The pictures of the worst mistakes, each under its true and its predicted class.
 *
 * @param mistakes the mistakes to show, the worst first
 * @param all number of all mistakes
 * @returns '' if there are no mistakes to show
 */
export function mistakesText(
  mistakes: readonly ShownMistake[],
  all: number,
  { width, colours }: Pick<Screen, 'width' | 'colours'>,
): string {
  if (mistakes.length === 0) return '';
  const shown = mistakes.map((mistake) => {
    const { lines, width: own } = pictureLines(mistake.picture, width, colours);
    const { number, answer } = captionOf(mistake);
    return { caption: `${number}: ${answer}`, lines, own };
  });
  const cell = shown.reduce((most, { caption, own }) => Math.max(most, caption.length, own), 0);
  const abreast = Math.max(1, Math.floor((width + GAP.length) / (cell + GAP.length)));
  const rows = Array.from({ length: Math.ceil(shown.length / abreast) }, (_, row) => {
    const beside = shown.slice(row * abreast, (row + 1) * abreast);
    const captions = beside.map(({ caption }) => caption.padEnd(cell));
    const pictures = (beside[0]?.lines ?? []).map((_, line) =>
      beside.map(({ lines, own }) => `${lines[line]}${' '.repeat(cell - own)}`),
    );
    return [captions, ...pictures].map((cells) => `${cells.join(GAP).trimEnd()}\n`).join('');
  });
  const title = `worst ${mistakes.length} of ${all} mistakes: the wrong answers with the highest probability`;
  const isNamed = mistakes.some(({ imageName }) => imageName !== undefined);
  const head = `${wrapped(title.split(' '))}${isNamed ? 'picture' : '#image'}: true → predicted (its probability)\n`;
  return `${head}\n${rows.join('\n')}`;
}

/** What is written under a mistake: the image's number, and the answer with its probability. */
export function captionOf(mistake: Prediction): { number: string; answer: string } {
  const { image, imageName } = mistake;
  const number = imageName === undefined ? `#${image}` : endOf(printable(imageName));
  return { number, answer: `${confusionText(mistake)} (${percentage(mistake.probability)})` };
}

/** The end of a name: the picture's own name counts more than the folder's. */
function endOf(name: string): string {
  return name.length <= MAX_NAME_CHARACTERS ? name : `…${name.slice(1 - MAX_NAME_CHARACTERS)}`;
}
