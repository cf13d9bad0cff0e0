/** Shows the progress of set-up on standard error. */
import ora from 'ora';
import type { Progress } from '../../setup/progress.ts';

/** Displays the steps of set-up, one at a time. */
interface ShownProgress extends Progress {
  /** Ends the last step. */
  stop(succeeded: boolean): void;
}

/** @returns a spinner on a terminal; elsewhere one plain line per step */
export function showProgress(): ShownProgress {
  // A terminal whose size is not set has 0 columns; ora 9.4.1 clears lines in an endless loop there.
  if (!process.stderr.isTTY || process.stderr.columns === 0) {
    return { step: (text) => process.stderr.write(`${text}\n`), detail: () => {}, stop: () => {} };
  }
  // By default ora discards standard input in the terminal's raw mode, in which Ctrl-C is not a signal.
  const color = process.env.NO_COLOR ? false : 'cyan';
  const spinner = ora({ discardStdin: false, color });
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
