/** The live line on standard error that is redrawn during long work. It is drawn only on a terminal. */
import isUnicodeSupported from 'is-unicode-supported';
import type { Ora } from 'ora';
import { printable } from '../printable.ts';
import { isInForeground } from './foreground.ts';
import { takesColours, takesRedraws } from './terminal.ts';

/** Time between two looks at whether the process is in the foreground: `fg` and `bg` need not send a signal. */
const FOLLOW_INTERVAL_MS = 200;

/** Escapes: whether the terminal continues what is too long on its next row, and the erasure of all from here on. */
const [WRAPS, CUTS, ERASE_BELOW] = ['\u001b[?7h', '\u001b[?7l', '\u001b[J'];

/**
 * A line of text after a spinner. It is drawn while the process is in the foreground, and by ora, with two additions:
 *
 * - The cursor returns to the line's beginning. A terminal that is made narrower breaks the line into rows, and how many
 *   depends on the terminal; from the beginning, all of them can be erased.
 * - The terminal cuts a line that is drawn before the news of its new width has come.
 */
export class LiveLine {
  readonly #spinner: Ora | undefined;
  #text = '';
  #follower: NodeJS.Timeout | undefined;

  private constructor(spinner: Ora | undefined) {
    this.#spinner = spinner;
    if (spinner === undefined) return;
    Object.defineProperty(spinner, 'isEnabled', { get: isInForeground }); // ora asks before it writes anything
    this.#begin();
  }

  /** Shows a live line; on anything but a terminal it draws nothing. */
  static async start(text: string): Promise<LiveLine> {
    // On a terminal of width 0 ora spins without pause.
    if (!takesRedraws(process.stderr) || !process.stderr.columns) return new LiveLine(undefined);
    const { default: ora, spinners } = await import('ora');
    const { frames, interval } = isUnicodeSupported() ? spinners.dots : spinners.line;
    const spinner = ora({
      stream: process.stderr,
      spinner: { frames: frames.map((frame) => CUTS + frame), interval },
      color: takesColours(process.stderr) ? 'cyan' : false,
      discardStdin: false, // ora's default is the terminal's raw mode, in which Ctrl-C sends no signal
    });
    const line = new LiveLine(spinner);
    line.update(text);
    line.#follow();
    return line;
  }

  /** Whether the line is drawn, at least while the process is in the foreground. */
  get visible(): boolean {
    return this.#spinner !== undefined;
  }

  /**
   * Characters that the text may take: the terminal's width without spinner, space and the last column, which wraps.
   */
  get width(): number {
    return Math.max(0, process.stderr.columns - 3);
  }

  /** Shows a new text, cut to the width. */
  update(text: string): void {
    this.#text = text;
    if (this.#spinner) this.#spinner.text = `${text.slice(0, this.width)}\r${WRAPS}`;
  }

  /** Erases the line so that something else can be written; it is drawn again by itself. */
  clear(): void {
    this.#spinner?.clear();
  }

  /** Writes a result to standard output, without mixing it with the line. */
  print(text: string): void {
    this.clear();
    process.stdout.write(text);
  }

  /** Writes a notice to standard error, without mixing it with the line. */
  note(text: string): void {
    this.clear();
    process.stderr.write(text);
  }

  /** Writes a warning to standard error. */
  warn(message: string): void {
    this.note(`warning: ${printable(message)}\n`);
  }

  /** Leaves the terminal to `work`, which may ask or draw, and shows the line again afterwards. */
  async pausedFor<T>(work: () => Promise<T>): Promise<T> {
    if (this.#spinner === undefined) return work();
    this.stop();
    try {
      return await work();
    } finally {
      this.#begin();
      this.#follow();
    }
  }

  #begin(): void {
    this.#follower = setInterval(this.#follow, FOLLOW_INTERVAL_MS);
    process.stderr.on('resize', this.#resize);
    process.on('SIGTSTP', this.#suspend);
  }

  stop(): void {
    clearInterval(this.#follower);
    process.stderr.off('resize', this.#resize);
    process.off('SIGTSTP', this.#suspend);
    this.#follower = undefined;
    this.#spinner?.stop();
  }

  /** Draws in the foreground; in the background ora's timer rests. */
  readonly #follow = (): void => {
    const draws = isInForeground();
    if (draws === this.#spinner?.isSpinning) return;
    if (draws) this.#spinner?.start();
    else this.#spinner?.stop();
  };

  readonly #resize = (): void => {
    this.update(this.#text);
    if (this.#spinner?.isSpinning && isInForeground()) process.stderr.write(`${ERASE_BELOW}\r`);
  };

  /** Ctrl-Z: leaves the shell a clean line and a visible cursor. The process stops here until `fg` or `bg`. */
  readonly #suspend = (): void => {
    this.#spinner?.stop();
    process.off('SIGTSTP', this.#suspend);
    process.kill(process.pid, 'SIGTSTP');
    setImmediate(() => {
      if (this.#follower) process.on('SIGTSTP', this.#suspend);
    });
  };
}
