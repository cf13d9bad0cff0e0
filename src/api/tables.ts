/** The flags that are settings of the library's functions: those of a command without those that only say how it prints. */
import { runFlags, runtimeFlags } from '../flags/common-flags.ts';
import { EVAL_FLAGS, PREDICT_FLAGS } from '../flags/evaluation-flags.ts';
import { EXPORT_FLAGS } from '../flags/export-flags.ts';
import type { Flags } from '../flags/flag.ts';
import { SUMMARY_FLAGS } from '../flags/summary-flags.ts';
import { TRAIN_FLAGS } from '../flags/train-flags.ts';

/** Settings of `train`. The library starts no processes, so it has no `workers`. */
export const TRAIN_TABLE = without(TRAIN_FLAGS, ['json', 'yes', 'workers']);

/** Settings of `evaluate`. */
export const EVALUATE_TABLE = without(EVAL_FLAGS, ['json', 'yes']);

/** Settings of `predict`. */
export const PREDICT_TABLE = without(PREDICT_FLAGS, ['format', 'out', 'show', 'overwrite', 'json', 'yes']);

/** Settings of `summary`. */
export const SUMMARY_TABLE = without(SUMMARY_FLAGS, ['format', 'columns', 'depth-limit', 'json']);

/** Settings of `exportModel`. */
export const EXPORT_TABLE = without(EXPORT_FLAGS, ['json', 'yes']);

/** Settings of the answers of an open checkpoint. */
export const ANSWER_TABLE = only(PREDICT_TABLE, ['top', 'min-probability', 'no-temperature']);

/** Settings of `openCheckpoint`. */
export const OPEN_TABLE = without(PREDICT_TABLE, ['checkpoint', ...Object.keys(ANSWER_TABLE)]);

/** Settings of the evaluation of an open checkpoint: what it is read and computed with was said when it was opened. */
export const OPEN_EVALUATE_TABLE = without(EVALUATE_TABLE, [
  ...Object.keys(runFlags),
  ...Object.keys(runtimeFlags),
  'normalize',
]);

function without(flags: Flags, names: readonly string[]): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !names.includes(name)));
}

function only(flags: Flags, names: readonly string[]): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => names.includes(name)));
}
