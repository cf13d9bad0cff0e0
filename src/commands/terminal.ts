/** The abilities of standard output: width, colours, characters. */
import isUnicodeSupported from 'is-unicode-supported';
import type { Screen } from '../report/screen.ts';

/** Width of a pipe, or of a terminal that reports 0. */
const DEFAULT_WIDTH_CHARACTERS = 80;

/** The abilities of standard output. Colours need a terminal with 256 of them. */
export function screen(): Screen {
  const { stdout } = process;
  return {
    width: stdout.columns || DEFAULT_WIDTH_CHARACTERS,
    colours: takesEscapes(stdout) && stdout.getColorDepth() >= 8,
    unicode: isUnicodeSupported(),
  };
}

/** Whether a stream is a terminal that should receive escape sequences: not if CI or NO_COLOR is set. */
export function takesEscapes({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>): boolean {
  const { CI, NO_COLOR } = process.env;
  return isTTY === true && CI === undefined && !NO_COLOR; // https://no-color.org: an empty NO_COLOR does not count
}
