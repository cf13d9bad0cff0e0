/** Cuts texts from files where they are very long. */

/**
 * The beginning of a text: files may hold names of any length, and nobody reads one of a megabyte.
 *
 * @param most characters that are kept; a text that loses some ends in `…`; default: 300
 */
export function cut(text: string, most = 300): string {
  if (text.length <= most) return text;
  return `${Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join('')}…`;
}
