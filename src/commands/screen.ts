import type { Screen } from '../report/screen.ts';

/** Of a pipe, and of a terminal that does not tell (0). */
const DEFAULT_WIDTH = 80;

/** What standard output is. Colours are for terminals that have 256 of them, and not where NO_COLOR or CI is set. */
export function screen(): Screen {
  const { isTTY, columns } = process.stdout;
  const unwanted = 'NO_COLOR' in process.env || 'CI' in process.env;
  return { width: columns || DEFAULT_WIDTH, colours: isTTY && !unwanted && process.stdout.getColorDepth() >= 8 };
}
