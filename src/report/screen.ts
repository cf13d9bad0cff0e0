/** The screen for which a text is made, and lines that fit one. */

/** The abilities of a screen. */
export interface Screen {
  /** Width in characters. */
  readonly width: number;
  /** Whether the screen should receive escapes for 256 colours. */
  readonly colours: boolean;
  /** Whether the screen shows characters beyond ASCII. */
  readonly unicode: boolean;
}

/** Width for which a text is made that is the same on every screen, and of a pipe. */
export const DEFAULT_WIDTH_CHARACTERS = 80;

/**
 * Words in lines of at most 80 characters; only a longer word, such as a path, makes a longer line.
 *
 * @param indent begins all lines but the first
 */
export function wrapped(words: readonly string[], indent = '  '): string {
  let text = '';
  let line = '';
  for (const word of words) {
    if (line !== '' && line.length + 1 + word.length > DEFAULT_WIDTH_CHARACTERS) {
      text += `${line}\n`;
      line = indent + word;
    } else line += line === '' ? word : ` ${word}`;
  }
  return `${text}${line}\n`;
}
