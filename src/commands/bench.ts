import { execFile } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadDataset } from '../dataset/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { printable } from '../printable.ts';
import { benchTable, profileTables } from '../report/bench.ts';
import { chromeTrace } from '../report/chrome-trace.ts';
import { runtimeLine } from '../report/runtime.ts';
import type { DeviceChoice } from '../runtime/choices.ts';
import { openRuntime } from '../runtime/open.ts';
import { BENCH_MODES, type BenchMode, type BenchResult, measure } from '../training/bench.ts';
import { profileTraining } from '../training/profile.ts';
import { LiveLine } from './live-line.ts';
import { interruptible } from './signals.ts';

interface BenchFlags {
  readonly steps: number;
  readonly 'batch-size': number;
  readonly mode: BenchMode | 'all';
  readonly device: DeviceChoice;
  readonly profile?: boolean;
  readonly trace: string;
  readonly json?: boolean;
}

/** `resnet bench`: how fast this machine trains and evaluates, and with `--profile` where the time goes. */
export async function bench(flags: BenchFlags): Promise<void> {
  const live = await LiveLine.start('loading the backend');
  try {
    await interruptible(
      () => 'nothing was written',
      (signal) => (flags.profile ? profile(flags, live, signal) : compare(flags, live, signal)),
    );
  } finally {
    live.stop();
  }
}

/** Each way in a process of its own, so that each has its own peak of memory; this process measures one at most. */
async function compare(flags: BenchFlags, live: LiveLine, signal: AbortSignal): Promise<void> {
  const results: BenchResult[] = [];
  for (const mode of flags.mode === 'all' ? BENCH_MODES : [flags.mode]) {
    live.update(`measuring ${mode}`);
    results.push(
      flags.mode === 'all' ? await measureApart(flags, mode, signal) : await measureHere(flags, mode, signal),
    );
  }
  const [first, ...others] = results;
  live.print(flags.json ? `${JSON.stringify({ ...first, others })}\n` : benchTable(results));
}

async function measureHere(
  { device, steps, 'batch-size': batchSize }: BenchFlags,
  mode: BenchMode,
  signal: AbortSignal,
) {
  const runtime = await openRuntime({ backend: 'tensorflow', device });
  const dataset = trainingImages(batchSize);
  const result = await measure(runtime, dataset, { mode, steps, batchSize }, signal);
  return { ...result, device: runtime.device, version: runtime.version };
}

async function measureApart(flags: BenchFlags, mode: BenchMode, signal: AbortSignal): Promise<BenchResult> {
  const program = fileURLToPath(new URL('../../../bin/resnet.js', import.meta.url)); // this file runs from dist/src/commands
  const words = ['bench', '--mode', mode, '--json', '--device', flags.device];
  words.push('--steps', String(flags.steps), '--batch-size', String(flags['batch-size']));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { signal });
    return JSON.parse(stdout);
  } catch (error) {
    signal.throwIfAborted();
    const { code, stderr = '' } = error as { code?: number; stderr?: string };
    // the other process has said it all, under the tool's name
    throw new UserError(stderr.trim().replace(/^resnet: /, ''), code ?? ExitCode.bug);
  }
}

async function profile(flags: BenchFlags, live: LiveLine, signal: AbortSignal): Promise<void> {
  const { steps, device, 'batch-size': batchSize } = flags;
  await writing(flags.trace, async (path) => (await open(path, 'a')).close()); // before any work
  const runtime = await openRuntime({ backend: 'tensorflow', device });
  live.update('tracing');
  const found = await profileTraining(runtime, trainingImages(batchSize), { steps, batchSize }, signal);
  await writing(flags.trace, (path) => writeFile(path, chromeTrace(found.trace)));
  const { trace: _, ...times } = found;
  const note = `the last step's trace is in ${printable(flags.trace)}: open it in chrome://tracing or ui.perfetto.dev\n`;
  const text = `${runtimeLine(runtime)}\n${profileTables(found)}${note}`;
  live.print(flags.json ? `${JSON.stringify({ ...times, trace: flags.trace })}\n` : text);
}

function trainingImages(batchSize: number) {
  const dataset = loadDataset('train');
  if (batchSize <= dataset.count) return dataset;
  throw new UserError(
    `--batch-size must be at most the ${dataset.count} training images, got ${batchSize}`,
    ExitCode.usage,
  );
}

async function writing(path: string, work: (path: string) => Promise<void>): Promise<void> {
  try {
    await work(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`the trace cannot be written to ${path} (${code}); name another file by --trace`, ExitCode.io);
  }
}
