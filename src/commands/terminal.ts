/** The abilities of standard output: width, colours, characters. */
import isUnicodeSupported from 'is-unicode-supported';
import { DEFAULT_WIDTH_CHARACTERS, type Screen } from '../report/screen.ts';

/** The abilities of standard output. Colours need a terminal with 256 of them. */
export function screen(): Screen {
  const { stdout } = process;
  return {
    width: stdout.columns || DEFAULT_WIDTH_CHARACTERS, // a terminal may report 0, and a pipe reports nothing
    colours: takesColours(stdout) && stdout.getColorDepth() >= 8,
    unicode: isUnicodeSupported() && speaksUtf8(),
  };
}

/** Whether the locale's characters are UTF-8, which is assumed where no locale is set, as in most containers. */
function speaksUtf8(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG; // POSIX: an empty variable does not count
  return !locale || /utf-?8/i.test(locale);
}

/** Whether a stream is a terminal whose line may be drawn again: not if CI is set, nor one that can only print. */
export function takesRedraws({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>): boolean {
  const { CI, TERM } = process.env;
  return isTTY === true && CI === undefined && TERM !== 'dumb';
}

/** Whether a stream is a terminal that should receive colours: also not if NO_COLOR is set, which forbids only them. */
export function takesColours(stream: Pick<NodeJS.WriteStream, 'isTTY'>): boolean {
  return takesRedraws(stream) && !process.env.NO_COLOR; // https://no-color.org: an empty NO_COLOR does not count
}
