/** The chart of a run's learning curves: loss, accuracy and learning rate over the epochs. */

import type { RunHistory } from '../../run/run-history.ts';
import { epochsAt, MIN_DRAWN_LOSS } from '../loss-history.ts';
import { AXIS, BLUE, drawChart, INK, VERMILLION } from './chart.ts';

/** Width of the chart. */
const WIDTH_PIXELS = 880;
/** Most points of a curve whose points are marked; more marks would hide the line. */
const MAX_MARKED_POINTS = 60;
/** Space above the first panel, height of each panel, and gap between two panels. */
const PANEL_PIXELS = { top: 70, height: 210, gap: 70 };

/** Three panels, one below the other. The scale of the loss is logarithmic, and a line marks the best epoch. */
export function curvesChart({ steps, epochs, best }: RunHistory, fontFamily: string): string {
  const last = epochs.at(-1)!.epoch;
  const panels = [
    {
      name: 'Loss',
      axis: {
        type: 'log',
        axisLabel: SMALL_NUMBERS,
        minorSplitLine: { show: true, lineStyle: { color: INK, opacity: 0.07 } },
      },
    },
    { name: 'Accuracy, %', axis: { type: 'value', scale: true, max: 100 } },
    { name: 'Learning rate', axis: { type: 'value', axisLabel: SMALL_NUMBERS } },
  ];
  const top = (index: number) => PANEL_PIXELS.top + index * (PANEL_PIXELS.height + PANEL_PIXELS.gap);
  const curve = (panel: number, style: object, data: [number, number][]) => {
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
  const loss = (value: number) => Math.max(value, MIN_DRAWN_LOSS);
  const option = {
    legend: {
      ...{ top: 10, itemGap: 40, textStyle: { color: INK } },
      data: [{ name: STEPS.name, icon: 'path://M0 0H25V1H0Z' }, TRAINING.name, VALIDATION.name],
    },
    grid: panels.map((_, index) => ({ left: 80, right: 40, top: top(index), height: PANEL_PIXELS.height })),
    xAxis: panels.map((_, index) => ({
      ...AXIS,
      type: 'value',
      name: 'Epoch',
      nameLocation: 'middle',
      nameGap: 26,
      max: last,
      gridIndex: index,
    })),
    yAxis: panels.map(({ name, axis }, index) => ({ ...AXIS, ...axis, name, gridIndex: index })),
    series: [
      curve(
        0,
        STEPS,
        steps.map((step) => [epochsAt(step), loss(step.loss)]),
      ),
      curve(
        0,
        TRAINING,
        epochs.map(({ epoch, train }) => [epoch, loss(train.loss)]),
      ),
      curve(
        0,
        { ...VALIDATION, markLine: bestLine },
        epochs.map(({ epoch, validation }) => [epoch, loss(validation.loss)]),
      ),
      curve(
        1,
        TRAINING,
        epochs.map(({ epoch, train }) => [epoch, 100 * train.accuracy]),
      ),
      curve(
        1,
        { ...VALIDATION, markLine: bestLine },
        epochs.map(({ epoch, validation }) => [epoch, 100 * validation.accuracy]),
      ),
      curve(
        2,
        RATE,
        steps.map((step) => [epochsAt(step), step.learningRate]),
      ),
    ],
  };
  return drawChart(option, { width: WIDTH_PIXELS, height: top(panels.length) }, fontFamily);
}

/** Labels for small numbers, such as 0.0002 or 2e-5, without rows of zeros and without digits from binary rounding. */
const SMALL_NUMBERS = {
  color: INK,
  formatter: (value: number) => {
    const rounded = +value.toPrecision(3);
    return rounded !== 0 && rounded < 1e-4 ? rounded.toExponential() : String(rounded);
  },
};

/** The curves' styles, which differ in their points as well as in their colours. */
const TRAINING = line('training, epoch', BLUE, { symbol: 'circle', symbolSize: 7 });
const VALIDATION = line('validation', VERMILLION, { symbol: 'diamond', symbolSize: 10 });
const STEPS = line('training, logged steps', BLUE, { symbol: 'none' }, { width: 1, opacity: 0.45 });
const RATE = line('learning rate', BLUE, { symbol: 'none' });

function line(name: string, color: string, points: object, stroke: object = {}) {
  return { name, ...points, itemStyle: { color }, lineStyle: { color, width: 2, ...stroke } };
}
