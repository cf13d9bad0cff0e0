/** The style sheet of the page about data, in addition to that of the report page, whose colours it uses. */
export const DATA_STYLE = `
img { width: 96px; height: 96px; object-fit: contain; border: 1px solid var(--line); image-rendering: pixelated; }
tfoot th, tfoot td { font-weight: bold; }
.broken li, figcaption { overflow-wrap: anywhere; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem; padding: 0; list-style: none; }
.pairs li { display: flex; gap: 1rem; padding: 0.5rem; border: 1px solid var(--line); }
.pairs .contradiction { border-width: 3px; border-color: var(--ink); }
.suspects { grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); }
figure { flex: 1; min-width: 0; margin: 0; font-size: 0.8125rem; }
figcaption b { display: block; }
.samples th { overflow-wrap: anywhere; }
.samples td { display: flex; flex-wrap: wrap; gap: 0.5rem; }
`;
