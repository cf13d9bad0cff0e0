/** Tests of the worst mistakes as text pictures. */
import { describe, expect, test } from '@jest/globals';
import { mistakesText, type ShownMistake } from '../../src/report/mistakes.ts';

const screen = { width: 80, colours: false };

function mistakeOf(image: number, side: number): ShownMistake {
  const picture = { pixels: new Uint8Array(side ** 2).fill(255), height: side, width: side };
  return { image, label: 4, predicted: 9, probability: 0.9876, labelProbability: 0.01, loss: 4.6, picture };
}

const HEAD =
  'worst 3 of 5 mistakes: the wrong answers with the highest probability\n' +
  '#image: true → predicted (its probability)\n';

describe('the worst mistakes', () => {
  test('stand side by side, each below its label and prediction', () => {
    const text = mistakesText([mistakeOf(7, 2), mistakeOf(1234, 2), mistakeOf(8, 2)], 5, { ...screen, width: 46 });
    expect(text).toBe(
      `${HEAD}\n#7: 4 → 9 (98.76 %)     #1234: 4 → 9 (98.76 %)\n@@                      @@\n\n#8: 4 → 9 (98.76 %)\n@@\n`,
    );
  });

  test('of own pictures have the names of files and classes, of a long name the end', () => {
    const named = { ...mistakeOf(7, 2), labelName: 'cat', predictedName: 'dog' };
    const text = mistakesText(
      [
        { ...named, imageName: 'cat/1.png' },
        { ...named, imageName: `${'very '.repeat(10)}long/2.png` },
      ],
      5,
      screen,
    );
    expect(text).toContain('\npicture: true → predicted (its probability)\n');
    expect(text).toContain('cat/1.png: cat → dog (98.76 %)');
    expect(text).toContain('…y very very very long/2.png: cat → dog (98.76 %)');
  });

  test.each([80, 60, 40, 22])('are no wider than a terminal of %i columns', (width) => {
    const text = mistakesText(
      [28, 28, 28].map((side, image) => mistakeOf(image, side)),
      5,
      { ...screen, width },
    );
    const [, , ...lines] = text.split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width);
    expect(lines.join('').match(/#\d:/g)).toEqual(['#0:', '#1:', '#2:']);
  });

  test('are aligned even if their lines have escapes', () => {
    const text = mistakesText([mistakeOf(1, 28), mistakeOf(2, 28)], 5, { width: 80, colours: true });
    const cells = 28 * '\u001b[38;5;231;48;5;231m▀'.length + '\u001b[0m'.length;
    expect(text.split('\n')[4]).toHaveLength(2 * cells + 2); // both pictures and the gap
  });

  test('are left out if there are none', () => expect(mistakesText([], 0, screen)).toBe(''));
});
