/** Showing what set-up does, on standard error. */
import ora from 'ora';

/** The step under way. */
export interface Progress {
  /** Begins a step; the one before it is done. */
  step(text: string): void;
  /** Says how far the step has come; shown on a terminal only. */
  detail(text: string): void;
  /** Ends the last step. */
  stop(succeeded: boolean): void;
}

/** @returns a spinner on a terminal; elsewhere one plain line a step */
export function showProgress(): Progress {
  // A terminal that nobody has told its size has no columns; ora 9.4.1 never stops clearing lines there.
  if (!process.stderr.isTTY || process.stderr.columns === 0) {
    return { step: (text) => process.stderr.write(`${text}\n`), detail: () => {}, stop: () => {} };
  }
  // ora's default, discarding standard input, takes the terminal raw: Ctrl-C would no longer be a signal.
  const spinner = ora({ discardStdin: false });
  let step = '';
  return {
    step(text) {
      if (spinner.isSpinning) spinner.succeed(step);
      step = text;
      spinner.start(text);
    },
    detail(text) {
      spinner.text = `${step}: ${text}`;
    },
    stop(succeeded) {
      if (!spinner.isSpinning) return;
      if (succeeded) spinner.succeed(step);
      else spinner.fail(step);
    },
  };
}
