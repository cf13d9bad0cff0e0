/**
 * The style sheet of the report page: light or dark as the reader's system, wide or narrow as the window, and for print.
 * Texts have a contrast of at least 4.5 with what is behind them, lines one of 3.
 */
import { BLUE, VERMILLION } from './colours.ts';

/** The curves' colours on a dark page: lighter ones of Okabe and Ito. */
const ON_DARK = [
  [BLUE, '#56b4e9'],
  [VERMILLION, '#e69f00'],
];

const lighter = ON_DARK.flatMap(([color, light]) => {
  return ['stroke', 'fill'].map((part) => `:is(.curves, .reliability) [${part}="${color}"] { ${part}: ${light}; }`);
});

export const REPORT_STYLE = `
:root { color-scheme: light dark; --page: #fff; --ink: #000; --line: #8c8c8c; --soft: #5a5a5a; }
@media (prefers-color-scheme: dark) {
  :root { --page: #121212; --ink: #fff; --line: #767676; --soft: #b5b5b5; }
  ${lighter.join('\n  ')}
}
body {
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  font: 16px/1.5 system-ui, sans-serif; background: var(--page); color: var(--ink);
}
h1 { line-height: 1.25; }
h1, p { overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
svg { display: block; }
svg text { font-family: system-ui, sans-serif !important; }
.wide { overflow-x: auto; }
.narrow { display: none; }
table { margin: 1rem 0; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); }
th, td { padding: 0.15rem 0.8rem; border-bottom: 1px solid var(--line); text-align: right; unicode-bidi: isolate; white-space: nowrap; }
.words th, .words td { text-align: left; vertical-align: top; white-space: normal; }
.words th { font-weight: normal; color: var(--soft); }
.words td { overflow-wrap: anywhere; }
.best { font-weight: bold; }
.mistakes {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 1.5rem 1rem;
  padding: 0; list-style: none;
}
.mistakes img { width: 112px; border: 1px solid var(--line); image-rendering: pixelated; }
.mistakes img, .mistakes b { display: block; }
.groups { columns: 27rem; column-gap: 3rem; }
.groups section { break-inside: avoid; padding-top: 1px; }
@media screen and (max-width: 60rem) {
  body { margin: 1rem auto; }
  h1 { font-size: 1.6rem; }
  .roomy { display: none; }
  .narrow { display: block; }
  th, td { padding: 0.15rem 0.25rem; }
  .wide table { font-size: 0.8125rem; }
}
@media screen and (min-width: 32rem) { .narrow svg { zoom: 1.4; } }
@media print { section { break-inside: avoid; } body { margin: 0; } svg { max-width: 100%; height: auto; } }
`;
