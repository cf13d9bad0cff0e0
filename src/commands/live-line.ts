/** The live line on standard error that is redrawn during long work. It is drawn only on a terminal. */
import type { Ora } from 'ora';
import { printable } from '../printable.ts';
import { takesEscapes } from './terminal.ts';

/** A line of text after a spinner. */
export class LiveLine {
  readonly #spinner: Ora | undefined;

  private constructor(spinner: Ora | undefined) {
    this.#spinner = spinner;
  }

  /** Shows a live line; on anything but a terminal it draws nothing. */
  static async start(text: string): Promise<LiveLine> {
    // ora draws nothing under CI, but sends escapes despite NO_COLOR, and spins without pause on a terminal of width 0.
    if (!takesEscapes(process.stderr) || !process.stderr.columns) return new LiveLine(undefined);
    const { default: ora } = await import('ora');
    // discardStdin: ora's default puts the terminal in raw mode, in which Ctrl-C sends no signal to the process group.
    return new LiveLine(ora({ text, stream: process.stderr, discardStdin: false }).start());
  }

  /** Whether the line is drawn. */
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
    if (this.#spinner) this.#spinner.text = text.slice(0, this.width);
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

  stop(): void {
    this.#spinner?.stop();
  }
}
