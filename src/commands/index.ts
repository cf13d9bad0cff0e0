/** The subcommands: name, flags, words and three examples of each. */
import { BENCH_FLAGS } from '../flags/bench-flags.ts';
import { modelWords, runWords } from '../flags/common-flags.ts';
import { COMPLETION_WORDS } from '../flags/completion-flags.ts';
import { DATA_FLAGS, DATA_WORDS } from '../flags/data-flags.ts';
import { EVAL_FLAGS, PREDICT_FLAGS, PREDICT_WORDS, REPORT_FLAGS, VERIFY_FLAGS } from '../flags/evaluation-flags.ts';
import { EXPORT_FLAGS } from '../flags/export-flags.ts';
import type { Flags, GivenFlags, ReportError, Words } from '../flags/flag.ts';
import { CACHE_FLAGS, SETUP_FLAGS } from '../flags/setup-flags.ts';
import { SUMMARY_FLAGS } from '../flags/summary-flags.ts';
import { TRAIN_FLAGS, TRAIN_WORDS } from '../flags/train-flags.ts';

/** A subcommand. */
export interface Command {
  readonly describe: string;
  readonly flags: Flags;
  /** Words without a flag, in this order. They may be left out, but one of `several` must be given. */
  readonly words?: Words;
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** Loads the command's own modules only when it is run: `summary` never waits for TensorFlow. */
  readonly run: (values: never, given: GivenFlags, report: ReportError) => Promise<void>;
}

/** All subcommands by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  summary: {
    describe: 'Print the shapes, parameters, mult-adds and training memory of every layer',
    flags: SUMMARY_FLAGS,
    examples: [
      ['resnet summary', 'the network of the lesson'],
      ['resnet summary --stem cifar --batch 64', 'a network for small images'],
      ['resnet summary --depth 50 --format json', 'another depth, as JSON'],
    ],
    run: async (values) => (await import('./summary.ts')).summary(values),
  },
  data: {
    describe: 'Show what data hold before training: classes, sizes, duplicates; after it, labels that are likely wrong',
    flags: DATA_FLAGS,
    words: DATA_WORDS,
    examples: [
      ['resnet data pictures', 'what the folder pictures holds'],
      ['resnet data pictures --html seen.html', 'and a page with pictures'],
      ['resnet data --suspects first', 'labels that a run contradicts'],
    ],
    run: async (values, given) => (await import('./data/data.ts')).data(values, given),
  },
  train: {
    describe: 'Train on MNIST or your own pictures with Adam, and keep the best checkpoint by validation loss',
    flags: TRAIN_FLAGS,
    words: TRAIN_WORDS,
    examples: [
      ['resnet train', 'train in the folder checkpoints'],
      ['resnet train pictures --name first', 'train on your own pictures'],
      ['resnet train --resume --epochs 5', 'continue to the fifth epoch'],
    ],
    run: async (values, given, report) => (await import('./train.ts')).train(values, given, report),
  },
  eval: {
    describe: 'Report how well a checkpoint classifies the test images, and where it goes wrong',
    flags: EVAL_FLAGS,
    words: modelWords,
    examples: [
      ['resnet eval', 'test the run in checkpoints'],
      ['resnet eval first --split val --worst 5', 'draw mistakes of another run'],
      ['resnet eval --limit-test 1000 --json', 'test 1,000 images, print JSON'],
    ],
    run: async (values, given) => (await import('./eval.ts')).evaluate(values, given),
  },
  report: {
    describe: 'Write a page about a run: curves, confusion matrix, worst mistakes, settings; and its pictures as PNG',
    flags: REPORT_FLAGS,
    words: runWords,
    examples: [
      ['resnet report', 'report on the run in checkpoints'],
      ['resnet report first', 'report on another run'],
      ['resnet report --out page --worst 30', 'write to another folder'],
    ],
    run: async (values) => (await import('./report.ts')).report(values),
  },
  predict: {
    describe: 'Tell what is in pictures: a digit, or the class that they are of; PNG, JPEG and others, of any size',
    flags: PREDICT_FLAGS,
    words: PREDICT_WORDS,
    examples: [
      ['resnet predict seven.png', 'the digit in one picture'],
      ['resnet predict photos --format csv', 'all pictures of a folder, as CSV'],
      ['resnet predict photo.jpg --show seen', 'and what the network saw of it'],
    ],
    run: async (values, given, report) => (await import('./predict.ts')).predict(values, given, report),
  },
  verify: {
    describe: 'Check checkpoints to the last byte, and say what they are',
    flags: VERIFY_FLAGS,
    words: runWords,
    examples: [
      ['resnet verify', 'check the run in checkpoints'],
      ['resnet verify first', 'check another run'],
      ['resnet verify other.safetensors --json', 'check one file, print JSON'],
    ],
    run: async (values) => (await import('./verify.ts')).verify(values),
  },
  export: {
    describe: 'Write a model for PyTorch, ONNX, TensorFlow and TensorFlow.js',
    flags: EXPORT_FLAGS,
    words: runWords,
    examples: [
      ['resnet export --format pth', 'write best.pth beside the best'],
      ['resnet export first --format pth --half', 'another run, in float16'],
      ['resnet export first --format onnx', 'write the network, and prove it'],
    ],
    run: async (values) => (await import('./export.ts')).exportCheckpoint(values),
  },
  bench: {
    describe: 'Measure how fast this machine trains and evaluates, and where the time goes',
    flags: BENCH_FLAGS,
    examples: [
      ['resnet bench', 'compare one graph with op by op'],
      ['resnet bench --mode compiled --steps 50', 'measure one way, for longer'],
      ['resnet bench --profile', 'show the time by op and by layer'],
    ],
    run: async (values, given, report) => (await import('./bench.ts')).bench(values, given, report),
  },
  completion: {
    describe: 'Print a script by which your shell completes commands, flags and their values',
    flags: {},
    words: COMPLETION_WORDS,
    examples: [
      ['resnet completion bash', 'in ~/.bashrc: source <(resnet completion bash)'],
      ['resnet completion zsh', 'in ~/.zshrc: source <(resnet completion zsh)'],
      ['resnet completion fish', 'in config.fish: resnet completion fish | source'],
    ],
    run: async (values) => (await import('./completion/completion.ts')).completion(values, COMMANDS),
  },
  setup: {
    describe: 'Install TensorFlow in the cache, which the first use of it would do',
    flags: SETUP_FLAGS,
    examples: [
      ['resnet setup', 'the build for this machine'],
      ['resnet setup --runtime gpu', 'the build for NVIDIA GPUs'],
      ['resnet setup --json', 'print JSON'],
    ],
    run: async (values) => (await import('./setup/setup.ts')).setup(values),
  },
  cache: {
    describe: 'Show what is kept outside the tool: TensorFlow, decoded pictures; or remove it',
    flags: CACHE_FLAGS,
    examples: [
      ['resnet cache', 'each part with its size'],
      ['resnet cache --clear', 'remove all of it'],
      ['resnet cache --json', 'print JSON'],
    ],
    run: async (values) => (await import('./setup/cache.ts')).cache(values),
  },
};
