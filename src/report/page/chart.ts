/** Draws charts as SVG with ECharts, without a browser; sizes, colours and axes that all charts share. */
import { type EChartsCoreOption, init } from 'echarts';

/** How a chart is drawn. */
export interface ChartFormat {
  /** Width of the drawing in pixels; a chart of very many classes is wider. */
  readonly width: number;
  /** Whether the drawing is for a narrow screen: small margins, and few labels on the axes. */
  readonly narrow: boolean;
  /** Font of all texts. */
  readonly fontFamily: string;
}

/** Widths of the two drawings of each chart: one for wide screens and pictures, one for telephones. */
export const CHART_WIDTH_PIXELS = { wide: 880, narrow: 320 };

/** Colour of lines and texts: in a page the colour of the text around the drawing, elsewhere black. */
export const INK = 'currentColor';

/** The style of an axis. The lines of its grid have a contrast of 3 with the page, and are dotted to stay behind. */
export const AXIS = {
  axisLine: { show: true, lineStyle: { color: INK } },
  axisTick: { lineStyle: { color: INK } },
  axisLabel: { color: INK },
  nameTextStyle: { color: INK },
  splitLine: { lineStyle: { color: INK, opacity: 0.45, type: [1, 3] } },
};

/** A number on an axis, such as 0.0002, 2e-5 or 3e8: without rows of zeros, and without digits from binary rounding. */
export function axisNumber(value: number): string {
  const rounded = +value.toPrecision(3);
  const isShort = rounded === 0 || (Math.abs(rounded) >= 1e-4 && Math.abs(rounded) < 1e5);
  return isShort ? String(rounded) : rounded.toExponential().replace('+', '');
}

/**
 * Draws a chart.
 *
 * @param option ECharts' description of the chart
 * @param size width and height in pixels
 * @param fontFamily font of all texts
 * @returns the SVG
 */
export function drawChart(
  option: EChartsCoreOption,
  size: { width: number; height: number },
  fontFamily: string,
): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption({ animation: false, textStyle: { color: INK, fontFamily }, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
