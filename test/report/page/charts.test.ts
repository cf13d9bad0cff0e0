/** The charts of the report page. */
import { describe, expect, test } from '@jest/globals';
import { evaluationResult } from '../../../src/evaluation/evaluation-result.ts';
import { axisNumber, CHART_WIDTH_PIXELS, type ChartFormat } from '../../../src/report/page/chart.ts';
import { confusionChart } from '../../../src/report/page/confusion-chart.ts';
import { curvesChart } from '../../../src/report/page/curves-chart.ts';
import { reliabilityChart } from '../../../src/report/page/reliability-chart.ts';

const WIDE: ChartFormat = { width: CHART_WIDTH_PIXELS.wide, narrow: false, fontFamily: 'DejaVu Sans' };
const NARROW: ChartFormat = { ...WIDE, width: CHART_WIDTH_PIXELS.narrow, narrow: true };

/** Texts of a drawing. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
}

function widthOf(svg: string): number {
  return Number(/^<svg width="([\d.]+)"/.exec(svg)?.[1]);
}

describe('the learning curves', () => {
  const metrics = { loss: 0.5, accuracy: 0.9 };
  const epoch = { epoch: 1, train: metrics, validation: metrics, imagesPerSecond: 1, seconds: 1 };
  const history = { starts: [], steps: [], epochs: [epoch], best: epoch };
  const rates = [0.25, 0.5, 0.75, 1].map((at) => ({ epoch: at, learningRate: at / 1000 }));

  test('mark every point of the learning rate in a short run', () => {
    const marks = (points: typeof rates) => curvesChart(history, points, WIDE).match(/<path d="M1 0A1/g)?.length ?? 0;
    expect(marks(rates) - marks([])).toBe(4);
  });

  test('are drawn for a telephone too, with the same texts', () => {
    const narrow = curvesChart(history, rates, NARROW);
    expect([widthOf(narrow), widthOf(curvesChart(history, rates, WIDE))]).toEqual([320, 880]);
    const names = ['Loss', 'Accuracy, %', 'Learning rate', 'training, logged steps', 'training, epoch', 'validation'];
    expect(textsOf(narrow)).toEqual(expect.arrayContaining(names));
  });
});

describe('the reliability diagrams', () => {
  const mistake = {
    ...{ image: 0, label: 0, predicted: 1, probability: 0.9, labelProbability: 0.1, loss: 1 },
    ...{ rawProbability: 0.6, labelRank: 1 },
  };
  const right = { ...mistake, predicted: 0, labelRank: 0, probability: 0.3 };
  const points = (svg: string) => svg.match(/<path d="M1 0A1/g)?.length ?? 0;

  test.each([WIDE, NARROW])('show both sides of a temperature, with a point for each bin that has images', (format) => {
    const svg = reliabilityChart(evaluationResult([mistake, right], 2, 0, undefined, 0.5), format);
    expect(widthOf(svg)).toBe(format.width);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['Without the temperature: 10.00 %', 'With the temperature: 80.00 %', 'Correct, %']),
    );
    expect(points(svg)).toBe(3); // without it, both answers are in one bin
  });

  test('without a temperature are one', () => {
    const svg = reliabilityChart(evaluationResult([mistake, right], 2, 0), WIDE);
    expect(textsOf(svg).filter((text) => text.endsWith('0 %'))).toEqual(['Calibration error: 80.00 %']);
    expect(points(svg)).toBe(2);
  });
});

test.each([
  [0, '0'],
  [0.1 + 0.2, '0.3'],
  [0.0002, '0.0002'],
  [0.00002, '2e-5'],
  [10000, '10000'],
  [4.7e9, '4.7e9'],
])('a number on an axis is short: %d', (value, text) => {
  expect(axisNumber(value)).toBe(text);
});

describe('the confusion matrix', () => {
  /** A matrix with 498 correct answers and 2 mistakes for each class. */
  const matrixOf = (classes: number) =>
    Array.from({ length: classes }, (_, label) =>
      Array.from({ length: classes }, (_count, predicted) => {
        return predicted === label ? 498 : predicted === (label + 1) % classes ? 2 : 0;
      }),
    );

  test.each([
    [1, 1, 1],
    [10, 10, 10],
    [26, 26, 0],
    [100, 0, 0],
  ])('of %d classes shows the counts of a class where the cells have room for them', (classes, wide, narrow) => {
    const counts = [WIDE, NARROW].map((format) => {
      const svg = confusionChart(matrixOf(classes), format);
      expect(widthOf(svg)).toBeLessThanOrEqual(format.width);
      return textsOf(svg).filter((text) => text === '498').length;
    });
    expect(counts).toEqual([wide, narrow]);
  });

  test('has the names of the classes on both axes, of a long name the beginning', () => {
    const texts = textsOf(confusionChart(matrixOf(3), WIDE, ['ant', 'a very long name of a class', 'cat']));
    for (const name of ['ant', 'a very long nam…', 'cat'])
      expect(texts.filter((text) => text === name)).toHaveLength(2);
  });

  test('writes characters of a name that XML does not allow as escapes', () => {
    const texts = textsOf(confusionChart(matrixOf(1), WIDE, ['\u001b[31mant\n']));
    expect(texts.filter((text) => text === '\\u001b[31mant\\u…')).toHaveLength(2);
  });

  test('of more than a thousand classes is a sentence', () => {
    expect(textsOf(confusionChart(undefined, WIDE))).toEqual(['more than 1000 classes: no matrix is drawn']);
  });

  test('of very many classes keeps cells that can be seen, and is wider than a telephone', () => {
    expect(widthOf(confusionChart(matrixOf(256), NARROW))).toBe(40 + 256 * 2.75 + 4);
  });
});
