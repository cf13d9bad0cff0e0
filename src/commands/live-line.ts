/** The one line on standard error that is redrawn while something goes on; nothing where no one watches. */
import type { Ora } from 'ora';
import { takesEscapes } from './screen.ts';

export class LiveLine {
  readonly #spinner: Ora | undefined;

  private constructor(spinner: Ora | undefined) {
    this.#spinner = spinner;
  }

  /** A running line on a terminal, else one that draws nothing. */
  static async start(text: string): Promise<LiveLine> {
    // ora draws nothing under CI, sends escapes all the same under NO_COLOR, and spins at full speed on a terminal without width
    if (!takesEscapes(process.stderr) || !process.stderr.columns) return new LiveLine(undefined);
    const { default: ora } = await import('ora');
    // ora's default puts the terminal in raw mode, and then Ctrl-C no longer sends a signal to the process group
    return new LiveLine(ora({ text, stream: process.stderr, discardStdin: false }).start());
  }

  /** Whether anything is drawn. */
  get visible(): boolean {
    return this.#spinner !== undefined;
  }

  /** Characters that the text may have beside the spinner, its space and a last column, in which terminals wrap. */
  get width(): number {
    return Math.max(0, process.stderr.columns - 3);
  }

  /** What is longer than the line is cut off. */
  update(text: string): void {
    if (this.#spinner) this.#spinner.text = text.slice(0, this.width);
  }

  /** Makes room for what is written by others; the line comes back by itself. */
  clear(): void {
    this.#spinner?.clear();
  }

  /** Write a result to standard output without mixing it with the line. */
  print(text: string): void {
    this.clear();
    process.stdout.write(text);
  }

  /** The same for a remark on standard error. */
  note(text: string): void {
    this.clear();
    process.stderr.write(text);
  }

  stop(): void {
    this.#spinner?.stop();
  }
}
