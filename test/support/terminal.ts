/** Runs a command in a terminal of its own, and does there what a user does. */

import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { command } from './resnet.ts';

const TERMINAL = fileURLToPath(new URL('./terminal.py', import.meta.url));

/** What the terminal's user does; `terminal.py` explains each step. */
export type TerminalStep =
  | readonly ['wait' | 'type' | 'touch', string]
  | readonly ['shows', readonly string[]]
  | readonly ['resize' | 'pause', number]
  | readonly ['rows' | 'output'];

/** What terminals can do unless a test says otherwise. */
const EVERYTHING = { TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined };

/**
 * Runs `words` in a terminal of 24 rows and 80 columns.
 *
 * @param cuts whether a window that is made narrower cuts lines that are too long, in place of breaking them into rows
 * @returns what the steps noted: the rows of the screen for `rows` and `shows`, what was printed for `output`
 */
export async function inTerminal(
  words: readonly string[],
  steps: readonly TerminalStep[],
  { environment = {}, cuts = false }: { environment?: NodeJS.ProcessEnv; cuts?: boolean } = {},
): Promise<{ code: number; notes: (string | string[])[] }> {
  const option = cuts ? ['--cuts'] : [];
  const finished = await command(['python3', TERMINAL, ...option, JSON.stringify(steps), ...words], {
    ...EVERYTHING,
    ...environment,
  });
  expect(finished).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(finished.stdout);
}
