/** Cuts texts from files where they are very long. */

/**
 * The beginning of a text: files may hold names of any length, and nobody reads one of a megabyte.
 *
 * @param most characters that it has then; the last is `…` if some are lost; default: 300
 */
export function cut(text: string, most = 300): string {
  const characters = Array.from(text.slice(0, 2 * most + 1)); // a character is one or two units
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
