import isUnicodeSupported from 'is-unicode-supported';
import type { Screen } from '../report/screen.ts';

/** Of a pipe, and of a terminal that does not tell (0). */
const DEFAULT_WIDTH = 80;

/** What standard output is. Colours are for terminals that have 256 of them. */
export function screen(): Screen {
  const { stdout } = process;
  return {
    width: stdout.columns || DEFAULT_WIDTH,
    colours: takesEscapes(stdout) && stdout.getColorDepth() >= 8,
    unicode: isUnicodeSupported(),
  };
}

/** Whether a stream is a terminal whose user wants more than plain text: not where CI or NO_COLOR is set. */
export function takesEscapes({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>): boolean {
  const { CI, NO_COLOR } = process.env;
  return isTTY === true && CI === undefined && !NO_COLOR; // https://no-color.org: not empty
}
