/** A confusion matrix as a picture. */
import type { ConfusionMatrix } from '../../evaluation/confusion.ts';
import { AXIS, BLUE, drawChart, INK, VERMILLION } from './chart.ts';

const MARGIN = { left: 80, top: 80, right: 30, bottom: 20 };
const CELL = { largest: 56, least: 3 };
const SIDE = 560;
/** Numbers of more classes would not fit their cells. */
const MOST_NUMBERS = 20;
/** From this colour on, a number is white. */
const DARK = 0.7;

/** A row for each true class: its share on the diagonal in blue, its mistakes in orange, darker where there are more. */
export function confusionChart(matrix: ConfusionMatrix, fontFamily: string): string {
  const cell = Math.max(CELL.least, Math.min(CELL.largest, SIDE / matrix.length));
  const side = cell * matrix.length;
  const classes = matrix.map((_, label) => String(label));
  const axis = { ...AXIS, type: 'category', data: classes, splitLine: { show: false }, nameLocation: 'middle' };
  const cells = matrix.flatMap((row, label) => {
    const imageCount = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, predicted) => {
      if (count === 0) return []; // most of them are, and the drawing stays small
      // single mistakes are to be seen beside thousands of correct predictions
      const shade = predicted === label ? count / imageCount : Math.sqrt(count / imageCount);
      const color = shade > DARK ? 'white' : INK;
      return [{ right: predicted === label, value: [predicted, label, count, shade], label: { color } }];
    });
  });
  const kinds = [
    { right: true, color: BLUE },
    { right: false, color: VERMILLION },
  ];
  const option = {
    grid: { left: MARGIN.left, top: MARGIN.top, width: side, height: side },
    xAxis: { ...axis, name: 'Predicted class', position: 'top', nameGap: 36 },
    yAxis: { ...axis, name: 'True class', inverse: true, nameGap: 44 },
    visualMap: kinds.map(({ color }, seriesIndex) => ({
      ...{ show: false, type: 'continuous', seriesIndex, dimension: 3, min: 0, max: 1 },
      inRange: { color: [color, color], colorAlpha: [0.1, 1] },
    })),
    series: kinds.map(({ right }) => ({
      type: 'heatmap',
      silent: true,
      data: cells.filter((each) => each.right === right),
      label: { show: matrix.length <= MOST_NUMBERS, formatter: '{@[2]}' },
    })),
  };
  const size = { width: MARGIN.left + side + MARGIN.right, height: MARGIN.top + side + MARGIN.bottom };
  return drawChart(option, size, fontFamily);
}
