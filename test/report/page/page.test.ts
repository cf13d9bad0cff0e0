/** Tests of the report page. */
import { describe, expect, test } from '@jest/globals';
import { evaluationResult } from '../../../src/evaluation/evaluation-result.ts';
import { html } from '../../../src/report/page/html.ts';
import { type RunReport, reportPage } from '../../../src/report/page/page.ts';
import { readPage } from '../../support/pages.ts';

const HOSTILE = `"><img src=x onerror='alert(1)'>&\u0000\u001b[2J\u202e`;
const SHOWN = `"><img src=x onerror='alert(1)'>&\\u0000\\u001b[2J\\u202e`;

const wrong = {
  ...{ image: 7, label: 0, predicted: 1, probability: 0.9, labelProbability: 0.1, loss: 2.3 },
  ...{ rawProbability: 0.6, labelRank: 1 },
};
const right = {
  ...{ image: 8, label: 1, predicted: 1, probability: 0.8, labelProbability: 0.8, loss: 0.2 },
  ...{ rawProbability: 0.5, labelRank: 0 },
};
const epoch = {
  epoch: 1,
  train: { loss: 0.5, accuracy: 0.9 },
  validation: { loss: 0.4, accuracy: 0.95 },
  imagesPerSecond: 100,
  seconds: 10,
};

const DRAWINGS = { wide: '<svg></svg>', narrow: '<svg></svg>' };

function reportOf(changes: Partial<RunReport> = {}): RunReport {
  return {
    run: 'checkpoints/first',
    data: 'MNIST',
    architecture: { depth: 18, width: 64, variant: 'lesson', stem: 'imagenet', channels: 1, classes: 3 },
    checkpoint: 'checkpoints/first/best.safetensors',
    learned: { history: { starts: [], steps: [], epochs: [epoch], best: epoch }, curves: DRAWINGS },
    config: {},
    evaluation: { split: 'test' as const, ...evaluationResult([wrong, right], 3, 1), seconds: 1, imagesPerSecond: 2 },
    confusion: DRAWINGS,
    reliability: DRAWINGS,
    mistakes: [{ ...wrong, png: Buffer.from('png') }],
    ...changes,
  };
}

describe('the report page', () => {
  test('shows the figures, the epochs, the classes, the confusions and the mistakes', () => {
    const { faults, text } = readPage(reportPage(reportOf()));
    expect(faults).toEqual([]);
    expect(text).toMatch(/accuracy\s+50\.00 % \(95 % interval 9\.45 % to 90\.55 %\)/);
    expect(text).toMatch(/1 \(best\) 0\.5000 90\.00 % 0\.4000 95\.00 % 100 10\.0/);
    expect(text).toMatch(/0 1 – 0\.00 % 0\.00 % 1 1 50\.00 % 100\.00 % 66\.67 % 2 0 – – –/);
    expect(text).toMatch(/0 → 1 1 100\.00 %/);
  });

  test('shows the figures that count each class the same, and the calibration with and without the temperature', () => {
    const evaluation = { split: 'test' as const, ...evaluationResult([wrong, right], 12, 1, undefined, 0.4) };
    const { faults, text } = readPage(
      reportPage(reportOf({ evaluation: { ...evaluation, seconds: 1, imagesPerSecond: 2 } })),
    );
    expect(faults).toEqual([]);
    expect(text).toMatch(/balanced accuracy\s+50\.00 % macro F1\s+33\.33 % top-5 accuracy\s+100\.00 %/);
    expect(text).toMatch(/calibration error\s+55\.00 % \(15 bins\) at the temperature 0\.400; without it 55\.00 %/);
    expect(text).toMatch(/Correct, without\s.*80 to 87 % 0 – – 0 – –/s);
    expect(text).toMatch(/87 to 93 % 1 90\.00 % 0\.00 % 0 – – /);
  });

  test('shows the measure by which best was chosen, with the epochs and the best', () => {
    const validation = { ...epoch.validation, balancedAccuracy: 0.875 };
    const measured = { ...epoch, validation };
    const history = { starts: [], steps: [], epochs: [{ ...epoch, epoch: 0 }, measured], best: measured };
    const config = { settings: { 'best-by': 'balanced-accuracy' } };
    const { text } = readPage(reportPage(reportOf({ learned: { history, curves: DRAWINGS }, config })));
    expect(text).toMatch(/best epoch\s+1 of 1: balanced accuracy 87\.50 %, validation loss 0\.4000/);
    expect(text).toMatch(/Bal\. acc\..*0 0\.5000 90\.00 % 0\.4000 95\.00 % – 100.*1 \(best\) .*95\.00 % 87\.50 % 100/s);
  });

  test('shows an enormous loss with an exponent, as the other outputs do', () => {
    const enormous = { ...epoch, validation: { loss: 4.7e9, accuracy: 0.1 } };
    const history = { starts: [], steps: [], epochs: [enormous], best: enormous };
    const evaluation = { ...reportOf().evaluation, loss: 4.7e9 };
    const page = reportPage(reportOf({ learned: { history, curves: DRAWINGS }, evaluation }));
    expect(page).not.toContain('4700000000');
    expect(readPage(page).text).toMatch(/loss\s+4\.7e\+9[\s\S]*best epoch\s+1 of 1: validation loss 4\.7e\+9/);
  });

  test('has no learning curves and no best epoch where no log tells of them', () => {
    const { faults, text } = readPage(reportPage(reportOf({ learned: undefined })));
    expect(faults).toEqual([]);
    expect(text).not.toMatch(/Learning curves|best epoch/);
    expect(text).toContain('Confusion matrix');
  });

  test('names each mistake by the number of its image, in words that are seen', () => {
    expect(readPage(reportPage(reportOf())).text).toMatch(/#7\s+0 → 1 \(90\.00 %\)/);
  });

  test.each([
    ['MNIST', 'first: ResNet-18 on MNIST'],
    ['/home/ada/letters', 'first: ResNet-18 on letters'],
  ])('says in its title what it is about, and then the run, its recipe and the images of %s', (data, title) => {
    const { text } = readPage(reportPage(reportOf({ data, config: { settings: { recipe: 'best' } } })));
    const words = text.replace(/\s+/g, ' ').replaceAll(' :', ':').replaceAll(' ,', ',').replaceAll(' .', '.');
    expect(words.split(title)).toHaveLength(3); // as the title, and as the heading
    expect(words).toContain(`Run checkpoints/first, recipe best. Evaluated on 2 test images of ${data}.`);
  });

  test('escapes all texts from files: names, settings, their values', () => {
    const config = { [HOSTILE]: HOSTILE, settings: { [HOSTILE]: HOSTILE, list: [HOSTILE, 1] } };
    const page = reportPage(reportOf({ run: HOSTILE, data: HOSTILE, checkpoint: HOSTILE, config }));
    const { faults, elements, text } = readPage(page);
    expect(faults).toEqual([]);
    expect(elements.filter((name) => name === 'img')).toHaveLength(1); // the mistake
    expect(text.split(SHOWN)).toHaveLength(13); // six times as run and as data, once as checkpoint, five times in the settings
  });

  test('shows the configuration in groups, without unset values and without deeper nesting', () => {
    const nested = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    const settings = { lr: 0.001, betas: [0.9, 0.99], warmup: 0.3 * 3, ema: null, nested };
    const { text } = readPage(reportPage(reportOf({ config: { backend: 'tensorflow', settings } })));
    expect(text).toMatch(/Run\s+backend tensorflow\s+Settings\s+lr 0\.001 betas 0\.9, 0\.99 warmup 0\.9 nested …/);
    expect(text).not.toContain('ema');
  });

  test('says that there are no mistakes', () => {
    const evaluation = { split: 'val' as const, ...evaluationResult([right], 2, 1), seconds: 1, imagesPerSecond: 1 };
    const { text } = readPage(reportPage(reportOf({ evaluation, mistakes: [] })));
    expect(text).toContain('No mistakes.');
    expect(text).toContain('None of 0 mistakes are shown.');
  });
});

test('a template escapes texts, and leaves pieces of HTML unchanged', () => {
  const items = ['<', '&'].map((each) => html`<li>${each}</li>`);
  expect(html`<ul title="${'"'}">${items}</ul>${3}`.markup).toBe(
    '<ul title="&#34;"><li>&#60;</li><li>&#38;</li></ul>3',
  );
});
