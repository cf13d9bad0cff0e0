/** The reliability diagrams: how often answers are right, over how probable they are said to be, before and after. */
import type { Calibration } from '../../evaluation/calibration.ts';
import type { Evaluation } from '../../evaluation/evaluation.ts';
import { percentage } from '../../numbers.ts';
import { AXIS, type ChartFormat, drawChart, INK } from './chart.ts';
import { BLUE } from './colours.ts';

/** Side of each square, the space around it, and the gap to the next one. */
const PIXELS = {
  wide: { side: 330, left: 80, top: 50, bottom: 60, gap: 110 },
  narrow: { side: 240, left: 55, top: 50, bottom: 55, gap: 110 },
};

/** Least and greatest diameter of a point, whose area is that of its bin's part of the images. */
const POINT_PIXELS = { min: 7, max: 28 };

/**
 * A square with the temperature and, where there is one, a square without: side by side, or one below the other. Each has
 * a point for each bin with images, its area by their number. Points on the diagonal are of bins in which the model is
 * right as often as its probabilities say.
 */
export function reliabilityChart(
  { calibration, calibrationRaw, temperature }: Pick<Evaluation, 'calibration' | 'calibrationRaw' | 'temperature'>,
  { width, narrow, fontFamily }: ChartFormat,
): string {
  const { side, left, top, bottom, gap } = PIXELS[narrow ? 'narrow' : 'wide'];
  const panels: readonly Panel[] =
    temperature === null
      ? [{ name: 'Calibration error', calibration }]
      : [
          { name: 'Without the temperature', calibration: calibrationRaw },
          { name: 'With the temperature', calibration },
        ];
  const below = narrow ? panels.length : 1;
  const places = panels.map((_, index) => {
    return { left: left + (narrow ? 0 : index * (side + gap)), top: top + (narrow ? index * (side + gap) : 0) };
  });
  const axis = { ...AXIS, type: 'value', min: 0, max: 100, nameLocation: 'middle' };
  const option = {
    title: panels.map(({ name, calibration: { error } }, index) => ({
      text: `${name}: ${percentage(error)}`,
      ...{ left: places[index]!.left, top: places[index]!.top - 35 },
      textStyle: { color: INK, fontSize: 14, fontWeight: 'normal' },
    })),
    grid: places.map((place) => ({ ...place, width: side, height: side })),
    xAxis: panels.map((_, gridIndex) => ({ ...axis, gridIndex, name: 'Mean probability, %', nameGap: 28 })),
    yAxis: panels.map((_, gridIndex) => ({ ...axis, gridIndex, name: 'Correct, %', nameGap: narrow ? 32 : 40 })),
    series: panels.flatMap(({ calibration: { bins } }, index) => {
      const place = { type: 'line', xAxisIndex: index, yAxisIndex: index, silent: true };
      return [
        { ...place, ...DIAGONAL },
        { ...place, ...POINTS, data: pointsOf(bins) },
      ];
    }),
  };
  return drawChart(option, { width, height: top + side + (below - 1) * (side + gap) + bottom }, fontFamily);
}

/** One of the squares. */
interface Panel {
  readonly name: string;
  readonly calibration: Calibration;
}

const POINTS = {
  symbol: 'circle',
  showSymbol: true,
  itemStyle: { color: BLUE },
  lineStyle: { color: BLUE, width: 1.5 },
};
const DIAGONAL = {
  symbol: 'none',
  lineStyle: { color: INK, width: 1, type: [4, 4], opacity: 0.7 },
  data: [0, 100].map((each) => [each, each]),
};

function pointsOf(bins: Calibration['bins']): object[] {
  const all = bins.reduce((sum, { images }) => sum + images, 0);
  return bins.flatMap(({ images, accuracy, confidence }) => {
    if (accuracy === null || confidence === null) return [];
    const symbolSize = Math.max(POINT_PIXELS.min, POINT_PIXELS.max * Math.sqrt(images / all));
    return [{ value: [100 * confidence, 100 * accuracy], symbolSize }];
  });
}
