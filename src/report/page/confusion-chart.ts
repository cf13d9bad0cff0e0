/** The chart of a confusion matrix. */
import type { ConfusionMatrix } from '../../evaluation/confusion.ts';
import { AXIS, BLUE, drawChart, INK, VERMILLION } from './chart.ts';

/** Space around the matrix. */
const MARGIN_PIXELS = { left: 80, top: 80, right: 30, bottom: 20 };
/** Least and greatest side of a cell. */
const CELL_SIDE_PIXELS = { min: 3, max: 56 };
/** Side of the matrix, within the limits of its cells. */
const MATRIX_SIDE_PIXELS = 560;
/** Most classes whose cells show their counts; the cells of more classes are too small. */
const MAX_NUMBERED_CLASSES = 20;
/** Shade of a cell, 0 to 1, above which its number is white. */
const MIN_DARK_SHADE = 0.7;

/**
 * A matrix with a row for each true class: correct predictions are blue, mistakes orange, and more of them are darker.
 */
export function confusionChart(matrix: ConfusionMatrix, fontFamily: string): string {
  const cell = Math.max(CELL_SIDE_PIXELS.min, Math.min(CELL_SIDE_PIXELS.max, MATRIX_SIDE_PIXELS / matrix.length));
  const side = cell * matrix.length;
  const classes = matrix.map((_, label) => String(label));
  const axis = { ...AXIS, type: 'category', data: classes, splitLine: { show: false }, nameLocation: 'middle' };
  const cells = matrix.flatMap((row, label) => {
    const imageCount = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, predicted) => {
      if (count === 0) return []; // most cells are 0: leaving them out keeps the drawing small
      // The square root makes single mistakes visible beside thousands of correct predictions.
      const shade = predicted === label ? count / imageCount : Math.sqrt(count / imageCount);
      const color = shade > MIN_DARK_SHADE ? 'white' : INK;
      return [{ right: predicted === label, value: [predicted, label, count, shade], label: { color } }];
    });
  });
  const kinds = [
    { right: true, color: BLUE },
    { right: false, color: VERMILLION },
  ];
  const option = {
    grid: { left: MARGIN_PIXELS.left, top: MARGIN_PIXELS.top, width: side, height: side },
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
      label: { show: matrix.length <= MAX_NUMBERED_CLASSES, formatter: '{@[2]}' },
    })),
  };
  const size = {
    width: MARGIN_PIXELS.left + side + MARGIN_PIXELS.right,
    height: MARGIN_PIXELS.top + side + MARGIN_PIXELS.bottom,
  };
  return drawChart(option, size, fontFamily);
}
