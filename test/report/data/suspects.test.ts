/** What is said of labels that a model contradicts: as text, as JSON, and on the page. */
import { expect, test } from '@jest/globals';
import { jsonLine } from '../../../src/evaluation/json.ts';
import { printable } from '../../../src/printable.ts';
import { dataPage } from '../../../src/report/data/page.ts';
import { suspectsFacts } from '../../../src/report/data/suspects-json.ts';
import { type NamedSuspect, type SuspectsReport, suspectsText } from '../../../src/report/data/suspects-text.ts';
import { readPage } from '../../support/pages.ts';
import { surveyOfPets } from './surveys.ts';

const HOSTILE = `"><img src=x onerror='alert(1)'>&\u0000\u001b[2J\u202e`;
const SHOWN = `"><img src=x onerror='alert(1)'>&\\u0000\\u001b[2J\\u202e`;

function suspectOf(imageName: string, changes: Partial<NamedSuspect> = {}): NamedSuspect {
  const answer = { label: 0, predicted: 1, probability: 0.98765, labelProbability: 0.01, loss: 4.6 };
  return { part: 'train', image: 7, ...answer, imageName, ...changes };
}

function reportOf(changes: Partial<SuspectsReport> = {}): SuspectsReport {
  return {
    checkpoint: 'pets/best.safetensors',
    runtime: { backend: 'tensorflow', device: 'cpu', version: '2.21.0' },
    leastProbability: undefined,
    classNames: ['cat', 'dog'],
    suspects: 1202,
    thresholds: [0.9, null],
    parts: [
      { part: 'train', isTrainedOn: true, images: 9000, contradicted: 1500, suspects: 1200 },
      { part: 'val', isTrainedOn: false, images: 1000, contradicted: 3, suspects: 2 },
    ],
    first: [suspectOf('train/cat/7.png'), suspectOf('val/dog/1.png', { part: 'val', label: 1, predicted: 0 })],
    ...changes,
  };
}

test('the text has the counts of each part, how they come about, and a line for each image', () => {
  expect(suspectsText(reportOf(), 80)).toBe(`labels that the model contradicts: 1,202 of 10,000 images
model pets/best.safetensors
backend tensorflow: TensorFlow 2.21.0, device cpu

part   images  contradicted  suspects
─────  ──────  ────────────  ────────
train   9,000         1,500     1,200
val     1,000             3         2

A suspect is an image that the model gives another class than its label, and as
  surely as it gives that class to the class's own images on average (confident
  learning, Northcutt et al. 2021).
The model was trained on train: of labels that it has learned by heart it
  contradicts few. val is judged more honestly.

part   label  predicted  probability  of label  image
─────  ─────  ─────────  ───────────  ────────  ───────────────
train  cat    dog            98.77 %    1.00 %  train/cat/7.png
val    dog    cat            98.77 %    1.00 %  val/dog/1.png
and 1,200 more; --most 1202 lists all
`);
});

test('the text says the probability that was asked for, and nothing of training where nothing was trained on', () => {
  const parts = [{ part: 'train', isTrainedOn: false, images: 10, contradicted: 1, suspects: 0 } as const];
  const text = suspectsText(reportOf({ leastProbability: 0.95, parts, suspects: 0, first: [] }), 80);
  expect(text).toContain('with a\n  probability of 0.95 or more.\n');
  expect(text).not.toContain('trained on');
  expect(text.startsWith('labels that the model contradicts: 0 of 10 images\n')).toBe(true);
  expect(text.endsWith('or more.\n')).toBe(true);
});

test.each([40, 80, 200])(
  'the table keeps to a terminal of %d columns where that is possible, and cuts names',
  (width) => {
    const first = [
      suspectOf(`${'folder/'.repeat(40)}picture.png`),
      suspectOf('b.png', { labelProbability: 1e-9, probability: 1 }),
    ];
    const text = suspectsText(reportOf({ first, classNames: ['c'.repeat(300), 'd'.repeat(300)] }), width);
    const table = text.slice(text.indexOf('part ', text.indexOf('honestly')));
    for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(width, 80));
    expect(table).toContain(`${'c'.repeat(15)}…  ${'d'.repeat(15)}…`);
    expect(table).toContain('picture.png\n');
  },
);

test('the JSON has the counts, the thresholds and the images under documented names', () => {
  expect(JSON.parse(jsonLine(suspectsFacts(reportOf())))).toEqual({
    checkpoint: 'pets/best.safetensors',
    minProbability: null,
    images: 1202,
    parts: [
      { part: 'train', isTrainedOn: true, images: 9000, contradicted: 1500, suspects: 1200 },
      { part: 'val', isTrainedOn: false, images: 1000, contradicted: 3, suspects: 2 },
    ],
    thresholds: [
      { label: 0, labelName: 'cat', probability: 0.9 },
      { label: 1, labelName: 'dog', probability: null },
    ],
    first: [
      {
        ...{ part: 'train', image: 7, name: 'train/cat/7.png', label: 0, labelName: 'cat' },
        ...{ guess: 1, guessName: 'dog', probability: 0.98765, labelProbability: 0.01 },
      },
      expect.objectContaining({ part: 'val', name: 'val/dog/1.png', labelName: 'dog', guessName: 'cat' }),
    ],
    ...{ backend: 'tensorflow', device: 'cpu', version: '2.21.0' },
  });
});

test('the page shows the images with label, answer and probability, and says how many more there are', () => {
  const address = 'data:image/png;base64,AAAA';
  const images = [
    { name: 'train/cat/7.png', label: 0, address },
    { name: 'val/dog/1.png', label: 1, address: undefined },
  ];
  const page = dataPage(surveyOfPets(), { samples: [], equal: [], near: [], suspects: { report: reportOf(), images } });
  const { faults, addresses, elements, text } = readPage(page);
  expect([faults, addresses]).toEqual([[], [address]]);
  expect(elements.filter((name) => name === 'figure')).toHaveLength(2);
  const words = text.replace(/\s+/g, ' ');
  expect(words).toContain(
    'Labels that the model contradicts 1,202 of 10,000 images (train 1,200, val 2), by pets/best',
  );
  expect(words).toContain('cat → dog (98.77 %) train/cat/7.png');
  expect(words).toContain('not drawn dog → cat (98.77 %) val/dog/1.png');
  expect(words).toContain('And 1,200 more.');
});

test('names from files are escaped and cut wherever they are shown', () => {
  const report = reportOf({ first: [suspectOf(HOSTILE)], checkpoint: HOSTILE, classNames: [HOSTILE, 'x'.repeat(1e5)] });
  const text = suspectsText(report, 200);
  expect(text.split('\n').map(printable)).toEqual(text.split('\n'));
  expect(text).toContain(SHOWN);
  const images = [{ name: HOSTILE, label: 0, address: undefined }];
  const page = dataPage(surveyOfPets(), { samples: [], equal: [], near: [], suspects: { report, images } });
  expect(page).not.toContain('<img src=x');
  expect(page.length).toBeLessThan(20_000);
  expect(readPage(page).text).toContain(`${SHOWN} →`);
});
