/** Lines of CSV (RFC 4180), with line feeds alone between them, as `metrics.csv` has. */

/** What makes a field need quotes: besides what RFC 4180 says, a blank at an end, which some readers cut off. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/**
 * One line with its line feed.
 *
 * @param fields null is an empty field
 */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return `${fields.map(fieldOf).join(',')}\n`;
}

function fieldOf(field: string | number | null): string {
  const text = field === null ? '' : String(field);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
