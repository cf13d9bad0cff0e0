/** Reads a text file line by line. */
import { createReadStream } from 'node:fs';
import type { Limits } from '../limits.ts';

/** Ends of lines: of Unix, Windows and the first Macs. */
const END = /\r\n|\n|\r/;

/** U+FEFF, which Windows programs write first. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Lines of a file in UTF-8.
 *
 * @returns each with its number, from 1
 * @throws Error if a line is too long
 */
export async function* plainLines(
  path: string,
  limits: Limits,
): AsyncGenerator<{ readonly text: string; readonly line: number }, void, void> {
  let line = 0;
  let rest = '';
  let held = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const text = held + (line === 0 && rest === '' && chunk.startsWith(BYTE_ORDER_MARK) ? chunk.slice(1) : chunk);
    // Whether "\r" ends a line or begins "\r\n" is seen in the next chunk.
    held = text.endsWith('\r') ? '\r' : '';
    const [first = '', ...others] = (held === '' ? text : text.slice(0, -1)).split(END);
    rest += first;
    for (const next of others) {
      yield { text: rest, line: ++line };
      rest = next;
    }
    if (rest.length > limits.lineCharacters)
      throw new Error(`line ${line + 1} has more than ${limits.lineCharacters} characters`);
  }
  if (rest !== '') yield { text: rest, line: line + 1 };
}
