/** A line of a table in Markdown. */

/** The cells of a line, with their bars escaped. */
export function tableLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
