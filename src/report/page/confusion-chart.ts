/** The chart of a confusion matrix. */
import { type ClassNames, classText } from '../../evaluation/class-names.ts';
import { type ConfusionMatrix, MOST_MATRIX_CLASSES } from '../../evaluation/confusion.ts';
import { printable } from '../../printable.ts';
import { cut } from '../cut.ts';
import { AXIS, type ChartFormat, drawChart, INK } from './chart.ts';
import { BLUE, VERMILLION } from './colours.ts';

/** Space around the matrix. */
const MARGIN_PIXELS = {
  wide: { left: 80, top: 80, right: 30, bottom: 20 },
  narrow: { left: 40, top: 60, right: 4, bottom: 8 },
};
/** Least and greatest side of a cell. */
const CELL_SIDE_PIXELS = { min: 2.75, max: 56 };
/** Least space for the matrix, so that the names of its axes fit beside a single cell. */
const MIN_ROOM_PIXELS = 80;
/** Least side of a cell with a border; in a smaller one the border would be all that is seen. */
const MIN_BORDERED_PIXELS = 5;
/** Least side of a cell with a number, whatever the number. */
const MIN_NUMBERED_PIXELS = 16;
/** Font size of the numbers, and the width that a digit needs. */
const NUMBER_PIXELS = { size: 11.5, digit: 6.75 };

/** Most characters of a class's name, and the width of one. */
const MAX_NAME_CHARACTERS = 16;
const NAME_CHARACTER_PIXELS = 7;

/** The two kinds of cells, and the opacity of a kind's darkest cell: as dark as white digits on a dark page need. */
const KINDS = [
  { right: true, color: BLUE, opacity: 1 },
  { right: false, color: VERMILLION, opacity: 0.85 },
] as const;
/** Opacity of the lightest cell; of small cells, which must be seen without a border and a number. */
const MIN_OPACITY = { usual: 0.1, small: 0.8 };

/**
 * A matrix with a row for each true class: correct predictions are blue, mistakes orange, and more of them are darker.
 * The cells show their counts if they are large enough.
 *
 * @param matrix undefined if there are too many classes
 * @param names names of the classes, if they have any
 */
export function confusionChart(
  matrix: ConfusionMatrix | undefined,
  { width, narrow, fontFamily }: ChartFormat,
  names?: ClassNames,
): string {
  if (matrix === undefined) return drawChart(tooManyClasses(), { width, height: MIN_ROOM_PIXELS }, fontFamily);
  const margin = { ...MARGIN_PIXELS[narrow ? 'narrow' : 'wide'] };
  const classes = matrix.map((_, label) => cut(printable(classText(label, names?.[label])), MAX_NAME_CHARACTERS));
  const longest = names ? classes.reduce((most, { length }) => Math.max(most, length), 0) : 0;
  const nameSpace = longest * NAME_CHARACTER_PIXELS;
  margin.left += nameSpace;
  margin.top += nameSpace;
  const room = (width - margin.left - margin.right) / matrix.length;
  const cell = Math.max(CELL_SIDE_PIXELS.min, Math.min(CELL_SIDE_PIXELS.max, room));
  const side = cell * matrix.length;
  const digits = String(matrix.flat().reduce((most, count) => Math.max(most, count), 0)).length;
  const isNumbered = cell >= Math.max(MIN_NUMBERED_PIXELS, digits * NUMBER_PIXELS.digit);
  const isBordered = cell >= MIN_BORDERED_PIXELS;
  const minOpacity = isBordered ? MIN_OPACITY.usual : MIN_OPACITY.small;
  const axis = { ...AXIS, type: 'category', data: classes, splitLine: { show: false }, nameLocation: 'middle' };
  const cells = matrix.flatMap((row, label) => {
    const imageCount = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, predicted) => {
      if (count === 0) return []; // most cells are 0: leaving them out keeps the drawing small
      const kind = KINDS[predicted === label ? 0 : 1];
      // The square root makes single mistakes visible beside thousands of correct predictions.
      const shade = predicted === label ? count / imageCount : Math.sqrt(count / imageCount);
      const opacity = minOpacity + shade * (kind.opacity - minOpacity);
      const color = isDark(kind.color, opacity) ? 'white' : INK;
      return [{ right: kind.right, value: [predicted, label, count, opacity], label: { color } }];
    });
  });
  const option = {
    grid: { left: margin.left, top: margin.top, width: side, height: side },
    xAxis: {
      ...{ ...axis, name: 'Predicted class', position: 'top', nameGap: nameSpace + (narrow ? 26 : 36) },
      ...(names ? { axisLabel: { ...AXIS.axisLabel, rotate: 90 } } : {}),
    },
    yAxis: { ...axis, name: 'True class', inverse: true, nameGap: nameSpace + (narrow ? 26 : 44) },
    visualMap: KINDS.map(({ color }, seriesIndex) => ({
      ...{ show: false, type: 'continuous', seriesIndex, dimension: 3, min: 0, max: 1 },
      inRange: { color: [color, color], colorAlpha: [0, 1] },
    })),
    series: KINDS.map(({ right, color }) => ({
      type: 'heatmap',
      silent: true,
      data: cells.filter((each) => each.right === right),
      itemStyle: { borderColor: color, borderWidth: isBordered ? 1 : 0 },
      label: { show: isNumbered, formatter: '{@[2]}', fontSize: NUMBER_PIXELS.size },
    })),
  };
  const size = {
    width: margin.left + Math.max(side, MIN_ROOM_PIXELS) + margin.right,
    height: margin.top + side + margin.bottom,
  };
  return drawChart(option, size, fontFamily);
}

/** A chart of words alone. */
function tooManyClasses() {
  const text = `more than ${MOST_MATRIX_CLASSES} classes: no matrix is drawn`;
  return {
    title: { text, left: 'center', top: 'middle', textStyle: { color: INK, fontSize: 14, fontWeight: 'normal' } },
  };
}

/** Whether a colour of this opacity on white contrasts more with white than with black, by WCAG's formula. */
function isDark(color: string, opacity: number): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = (opacity * Number.parseInt(color.slice(at, at + 2), 16)) / 255 + 1 - opacity;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05;
}
