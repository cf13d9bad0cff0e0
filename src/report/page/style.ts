/** The style sheet of the report page: light or dark as the reader's system, and for print. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --line: #b5b5b5; --soft: #5a5a5a; }
@media (prefers-color-scheme: dark) { :root { --line: #5a5a5a; --soft: #b5b5b5; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
svg { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); }
th, td { padding: 0.15rem 0.8rem; border-bottom: 1px solid var(--line); text-align: right; }
.words th, .words td { text-align: left; overflow-wrap: anywhere; }
.best { font-weight: bold; }
.mistakes { display: flex; flex-wrap: wrap; gap: 1.5rem; padding: 0; list-style: none; }
.mistakes img { display: block; width: 112px; image-rendering: pixelated; }
@media print { section { break-inside: avoid; } body { margin: 0; } }
`;
