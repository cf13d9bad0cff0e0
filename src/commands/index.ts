/** The subcommands: what each is called, takes and does. */

import {
  BENCH_FLAGS,
  EVAL_FLAGS,
  PREDICT_FLAGS,
  PREDICT_POSITIONALS,
  REPORT_FLAGS,
  REPORT_POSITIONALS,
  SUMMARY_FLAGS,
  TRAIN_FLAGS,
  VERIFY_FLAGS,
  VERIFY_POSITIONALS,
} from './flags/command-flags.ts';
import type { Flags, GivenFlags, ReportError } from './flags/flags.ts';

export interface Command {
  readonly describe: string;
  readonly flags: Flags;
  /** What may follow the command's name without a flag, in this order; none must, but where there may be several one. */
  readonly positionals?: Flags;
  /** Loads the command's own modules only when it is run: `summary` never waits for TensorFlow. */
  readonly run: (values: never, given: GivenFlags, report: ReportError) => Promise<void>;
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  summary: {
    describe: 'Print the shapes, parameters, mult-adds and training memory of every layer',
    flags: SUMMARY_FLAGS,
    run: async (values) => (await import('./summary.ts')).summary(values),
  },
  train: {
    describe: 'Train on MNIST by Adam and keep the best validation checkpoint',
    flags: TRAIN_FLAGS,
    run: async (values, given) => (await import('./train.ts')).train(values, given),
  },
  eval: {
    describe: 'ReportError how well a checkpoint classifies the test images, and where it goes wrong',
    flags: EVAL_FLAGS,
    run: async (values) => (await import('./eval.ts')).evaluate(values),
  },
  report: {
    describe: 'Write a page about a run: curves, confusion matrix, worst mistakes, settings; and its pictures as PNG',
    flags: REPORT_FLAGS,
    positionals: REPORT_POSITIONALS,
    run: async (values) => (await import('./report.ts')).report(values),
  },
  predict: {
    describe: 'Tell which digit is in a picture: PNG, JPEG and others, of any size',
    flags: PREDICT_FLAGS,
    positionals: PREDICT_POSITIONALS,
    run: async (values, _, report) => (await import('./predict.ts')).predict(values, report),
  },
  verify: {
    describe: 'Check checkpoints to the last byte, and say what they are',
    flags: VERIFY_FLAGS,
    positionals: VERIFY_POSITIONALS,
    run: async (values) => (await import('./verify.ts')).verify(values),
  },
  bench: {
    describe: 'Measure how fast this machine trains and evaluates, and where the time goes',
    flags: BENCH_FLAGS,
    run: async (values) => (await import('./bench.ts')).bench(values),
  },
};
