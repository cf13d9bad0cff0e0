/** The answers of `resnet predict` in each form. */
import { expect, test } from '@jest/globals';
import { beginsAsPredictions, PREDICTION_WRITERS } from '../../../src/commands/predict/prediction-format.ts';
import { UserError } from '../../../src/errors.ts';
import { type AnsweredPicture, faultyPicture } from '../../../src/evaluation/predict/pictures.ts';
import { PREDICTION_FORMATS, type PredictionFormat } from '../../../src/report/predict/prediction-formats.ts';

const top = [{ predicted: 2, predictedName: 'cat', probability: 0.75 }];
const answered: AnsweredPicture = {
  read: { path: 'a.png', pixels: new Uint8Array(3) },
  answer: { path: 'a.png', ...top[0]!, top },
};
const fault = faultyPicture('b.png', new UserError('b.png: is empty', 3));
const broken: AnsweredPicture = { read: fault, answer: fault };
const unknown: AnsweredPicture = {
  ...answered,
  answer: { ...answered.answer, predicted: null, predictedName: 'unknown', probability: 0.75, top },
};

function written(format: PredictionFormat, pictures: readonly AnsweredPicture[]): string {
  const { head, part, end } = PREDICTION_WRITERS[format];
  const parts = pictures.map((picture, index) => part(picture, index, index === 0 ? 'a-seen.png' : undefined));
  return head + parts.join('') + end;
}

test('JSON is one array on one line, and a line for each picture where lines are asked for', () => {
  const first = {
    ...{ path: 'a.png', guess: 2, guessName: 'cat', probability: 0.75 },
    ...{ top: [{ guess: 2, guessName: 'cat', probability: 0.75 }], shown: 'a-seen.png' },
  };
  const second = { path: 'b.png', problem: 'b.png: is empty', code: 3 };
  const whole = written('json', [answered, broken]);
  expect(JSON.parse(whole)).toEqual([first, second]);
  expect([whole.indexOf('\n'), written('json', [])]).toEqual([whole.length - 1, '[]\n']);
  const lines = written('ndjson', [answered, broken]).split('\n');
  expect([...lines.slice(0, 2).map((line) => JSON.parse(line)), lines[2]]).toEqual([first, second, '']);
  expect(JSON.parse(written('ndjson', [unknown]))).toMatchObject({ guess: null, guessName: 'unknown' });
});

test('CSV begins with the names of its columns, and has a line for each picture', () => {
  expect(written('csv', [answered, broken])).toBe(
    'path,guess,guess_name,probability,problem\na.png,2,cat,0.75,\nb.png,,,,b.png: is empty\n',
  );
});

test('a table has a line for each answer', () => {
  expect(written('table', [broken, answered, unknown])).toBe('a.png: cat (75.00 %)\na.png: unknown: cat (75.00 %)\n');
});

test.each(PREDICTION_FORMATS)('an earlier file of answers as %s is known by its beginning', (format) => {
  for (const pictures of [[answered], [unknown], [answered, broken, unknown]]) {
    expect(beginsAsPredictions(written(format, pictures))).toBe(true);
  }
});

test('any other text is no file of answers', () => {
  for (const text of ['notes\n', 'path,label\n', '{"event":"start"}\n', '[1, 2]', 'a: b\n', '\u0089PNG\r\n']) {
    expect(beginsAsPredictions(text)).toBe(false);
  }
});
