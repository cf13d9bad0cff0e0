/** Lines of CSV (RFC 4180), with line feeds alone between them, as `metrics.csv` has. */
import Papa from 'papaparse';

/**
 * One line with its line feed.
 *
 * @param fields null is an empty field
 */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return `${Papa.unparse([[...fields]], { newline: '\n' })}\n`;
}
