/** What all charts share: drawn by ECharts, as SVG, without a browser. */
import { type EChartsCoreOption, init } from 'echarts';

/** Of the palette of Okabe and Ito (2008), which colour-blind people tell apart; both stand out on white and on black. */
export const BLUE = '#0072b2';
export const VERMILLION = '#d55e00';

/** The colour of the text around a drawing, where it stands in a page; black elsewhere. */
export const INK = 'currentColor';

/** Axes and their names; its labels are numbers. */
export const AXIS = {
  axisLine: { show: true, lineStyle: { color: INK } },
  axisTick: { lineStyle: { color: INK } },
  axisLabel: { color: INK },
  nameTextStyle: { color: INK },
  splitLine: { lineStyle: { color: INK, opacity: 0.15 } },
};

/** @param fontFamily of all its texts */
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
