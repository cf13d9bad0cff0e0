/** Draws charts as SVG with ECharts, without a browser; colours and axes that all charts share. */
import { type EChartsCoreOption, init } from 'echarts';

/** Two colours of Okabe and Ito (2008): colour-blind people can distinguish them, on white and on black. */
export const BLUE = '#0072b2';
export const VERMILLION = '#d55e00';

/** Colour of lines and texts: in a page the colour of the text around the drawing, elsewhere black. */
export const INK = 'currentColor';

/** The style of an axis. */
export const AXIS = {
  axisLine: { show: true, lineStyle: { color: INK } },
  axisTick: { lineStyle: { color: INK } },
  axisLabel: { color: INK },
  nameTextStyle: { color: INK },
  splitLine: { lineStyle: { color: INK, opacity: 0.15 } },
};

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
