/** The chart of a run's learning curves: loss, accuracy and learning rate over the epochs. */
import type { RatePoint } from '../../run/learning-rates.ts';
import type { RunHistory } from '../../run/run-history.ts';
import { epochsAt } from '../../training/events.ts';
import { MIN_DRAWN_LOSS } from '../loss-history.ts';
import { AXIS, axisNumber, type ChartFormat, drawChart, INK } from './chart.ts';
import { BLUE, VERMILLION } from './colours.ts';

/** Most points of a curve whose points are marked; more marks would hide the line. */
const MAX_MARKED_POINTS = 60;
/** Space above the first panel, left and right of the panels, height of each panel, and gap between two panels. */
const PANEL_PIXELS = {
  wide: { top: 70, left: 80, right: 40, height: 210, gap: 70 },
  narrow: { top: 110, left: 60, right: 20, height: 170, gap: 70 },
};
/** Losses that differ by less than this factor have a linear scale: a logarithmic one would begin far below them. */
const MIN_LOGARITHMIC_FACTOR = 10;

/**
 * Three panels, one below the other. The scale of the loss is logarithmic where the losses differ much, and a line marks
 * the best epoch.
 */
export function curvesChart(
  { steps, epochs, best }: RunHistory,
  rates: readonly RatePoint[],
  { width, narrow, fontFamily }: ChartFormat,
): string {
  const last = epochs.at(-1)!.epoch;
  const pixels = PANEL_PIXELS[narrow ? 'narrow' : 'wide'];
  const lossOf = (value: number) => Math.max(value, MIN_DRAWN_LOSS);
  const stepLosses: Points = steps.map((step) => [epochsAt(step), lossOf(step.loss)]);
  const trainingLosses: Points = epochs.map(({ epoch, train }) => [epoch, lossOf(train.loss)]);
  const validationLosses: Points = epochs.map(({ epoch, validation }) => [epoch, lossOf(validation.loss)]);
  const trainingAccuracies: Points = epochs.map(({ epoch, train }) => [epoch, 100 * train.accuracy]);
  const validationAccuracies: Points = epochs.map((each) => [each.epoch, 100 * each.validation.accuracy]);
  const ratePoints: Points = rates.map(({ epoch, learningRate }) => [epoch, learningRate]);
  const panels = [
    { name: 'Loss', axis: lossAxis([...stepLosses, ...trainingLosses, ...validationLosses]) },
    { name: 'Accuracy, %', axis: { type: 'value', scale: true, max: 100 } },
    { name: 'Learning rate', axis: { type: 'value', axisLabel: NUMBERS } },
  ];
  const top = (index: number) => pixels.top + index * (pixels.height + pixels.gap);
  const curve = (panel: number, style: object, data: Points) => {
    const place = { type: 'line', xAxisIndex: panel, yAxisIndex: panel, silent: true };
    return { ...place, sampling: 'lttb', showSymbol: data.length <= MAX_MARKED_POINTS, ...style, data };
  };
  const bestLine = {
    symbol: 'none',
    silent: true,
    lineStyle: { color: INK, opacity: 0.6 },
    label: { color: INK, formatter: 'best' },
    data: best ? [{ xAxis: best.epoch }] : [],
  };
  const validation = { ...VALIDATION, markLine: bestLine };
  const option = {
    legend: {
      ...(narrow ? { orient: 'vertical', left: pixels.left, itemGap: 6 } : { itemGap: 40 }),
      ...{ top: 10, textStyle: { color: INK } },
      data: [{ name: STEPS.name, icon: 'path://M0 0H25V1H0Z' }, TRAINING.name, VALIDATION.name],
    },
    grid: panels.map((_, index) => {
      return { left: pixels.left, right: pixels.right, top: top(index), height: pixels.height };
    }),
    xAxis: panels.map((_, index) => ({
      ...{ ...AXIS, type: 'value', name: 'Epoch', nameLocation: 'middle', nameGap: 26 },
      ...{ max: last, minInterval: 1, gridIndex: index },
    })),
    yAxis: panels.map(({ name, axis }, index) => ({ ...AXIS, ...axis, name, gridIndex: index })),
    series: [
      curve(0, STEPS, stepLosses),
      curve(0, TRAINING, trainingLosses),
      curve(0, validation, validationLosses),
      curve(1, TRAINING, trainingAccuracies),
      curve(1, validation, validationAccuracies),
      curve(2, RATE, ratePoints),
    ],
  };
  return drawChart(option, { width, height: top(panels.length) }, fontFamily);
}

/** Points of a curve: epochs, and values. */
type Points = (readonly [epoch: number, value: number])[];

const NUMBERS = { color: INK, formatter: axisNumber };

function lossAxis(points: Points): object {
  const losses = points.map(([, loss]) => loss);
  const [low, high] = [losses.reduce((a, b) => Math.min(a, b)), losses.reduce((a, b) => Math.max(a, b))];
  const isWide = high >= MIN_LOGARITHMIC_FACTOR * low;
  return isWide ? { type: 'log', axisLabel: NUMBERS } : { type: 'value', scale: true, axisLabel: NUMBERS };
}

/** The curves' styles, which differ in their points as well as in their colours. */
const TRAINING = line('training, epoch', BLUE, { symbol: 'circle', symbolSize: 7 });
const VALIDATION = line('validation', VERMILLION, { symbol: 'diamond', symbolSize: 10 });
const STEPS = line('training, logged steps', BLUE, { symbol: 'none' }, { width: 1.5, opacity: 0.8 });
const RATE = line('learning rate', BLUE, { symbol: 'circle', symbolSize: 5 });

function line(name: string, color: string, points: object, stroke: object = {}) {
  return { name, ...points, itemStyle: { color }, lineStyle: { color, width: 2, ...stroke } };
}
