/** `resnet bench`: measures the speed of this machine, or traces where a training step spends its time. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BENCH_MODES, type BenchMode, type BenchResult, measure } from '../bench/measure.ts';
import { benchNeed } from '../bench/memory-need.ts';
import { profileTraining } from '../bench/profile.ts';
import { sideBySide } from '../bench/side-by-side.ts';
import type { DatasetInMemory } from '../dataset/dataset.ts';
import { loadDataset } from '../dataset/load.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { GivenFlags, ReportError } from '../flags/flag.ts';
import { memoryCheck } from '../memory/check.ts';
import type { BodyPart } from '../net/parts.ts';
import { printable, printableJson } from '../printable.ts';
import { benchTable, profileTables } from '../report/bench.ts';
import { chromeTrace } from '../report/chrome-trace.ts';
import { runtimeLine } from '../report/runtime-line.ts';
import { checkBatchFits } from '../run/checks.ts';
import { openRuntime, type Runtime, refuseSwitchedOff } from '../runtime/open.ts';
import { benchJoined, clusterIn, type JoinedFlags } from './bench/joined.ts';
import { LiveLine } from './live-line.ts';
import { setUpAtFirstUse } from './setup/first-use.ts';
import { interruptible } from './signals.ts';
import { TraceFile } from './trace-file.ts';
import { asWorker, startsWorkers, startWorkers } from './workers/start.ts';

interface BenchFlags extends JoinedFlags {
  readonly mode: BenchMode | 'all';
  readonly freeze?: readonly BodyPart[] | undefined;
  readonly profile?: boolean;
  readonly trace?: string;
  readonly overwrite?: boolean;
}

/**
 * Measures how fast this machine trains and evaluates, with `--profile` where the time goes, or with several workers how
 * fast they train together.
 *
 * @param given the flags that the user gave
 * @param report prints an error and sets the exit code
 */
export async function bench(flags: BenchFlags, given: GivenFlags, report: ReportError): Promise<void> {
  refuseTraceFlags(flags);
  refuseFreezing(flags);
  if (startsWorkers(flags.workers, given)) {
    refuseAlone(flags, flags.workers);
    return startWorkers(flags.workers, flags);
  }
  const cluster = clusterIn(flags);
  if (cluster) {
    refuseAlone(flags, cluster.addresses.length);
    return asWorker(cluster.rank, report, () => benchJoined(cluster, flags));
  }
  refuseShared(given);
  return benchAlone(flags);
}

async function benchAlone(flags: BenchFlags): Promise<void> {
  const live = await LiveLine.start('loading the backend');
  try {
    await interruptible(
      () => 'nothing was written',
      async (signal) => {
        await setUpAtFirstUse({ backend: 'tensorflow', yes: flags.yes }, live); // before other processes measure
        return flags.profile ? profile(flags, live, signal) : compare(flags, live, signal);
      },
    );
  } finally {
    live.stop();
  }
}

/** @throws UserError (usage) if a flag about the trace is given without the flag that makes one */
function refuseTraceFlags(flags: BenchFlags): void {
  for (const name of ['trace', 'overwrite'] as const) {
    if (flags.profile || !flags[name]) continue;
    throw new UserError(
      `--${name} goes with --profile, which writes a trace: add it, or leave --${name} out`,
      ExitCode.usage,
    );
  }
}

/** @throws UserError (usage) if workers cannot do together what the flags say, (device) if TensorFlow is switched off */
function refuseAlone({ mode, profile, freeze, 'batch-size': batchSize }: BenchFlags, workers: number): void {
  if (mode !== 'all' && mode !== 'compiled') {
    throw new UserError(`--mode ${mode} goes with one process only: leave it out`, ExitCode.usage);
  }
  for (const [name, value] of Object.entries({ profile, freeze })) {
    if (value) throw new UserError(`--${name} goes with one process only: leave it out`, ExitCode.usage);
  }
  if (batchSize < 2 * workers) {
    throw new UserError(
      `--batch-size ${batchSize} is shared by ${workers} workers, and each needs two images: give at least ${2 * workers}`,
      ExitCode.usage,
    );
  }
  refuseSwitchedOff();
}

/** @throws UserError (usage) if a flag about the exchange between workers is given to one process */
function refuseShared(given: GivenFlags): void {
  for (const name of ['sync-batch-norm', 'reduce', 'start-limit']) {
    if (given[name] === undefined) continue;
    throw new UserError(`--${name} is about several workers: give --workers too, or leave it out`, ExitCode.usage);
  }
}

/** @throws UserError (usage) if parts are to be frozen in what has no frozen parts */
function refuseFreezing({ freeze, mode, profile }: BenchFlags): void {
  if (!freeze) return;
  if (mode === 'layers') {
    throw new UserError(
      '--freeze is not for --mode layers, which trains all of its model: leave one out',
      ExitCode.usage,
    );
  }
  if (profile) {
    throw new UserError('--profile traces the step that trains all: leave --freeze out', ExitCode.usage);
  }
}

/**
 * Measures the wanted modes, with frozen parts each twice: as chosen, and with all trained. Each of several modes runs
 * in a process of its own, so that each has its own peak of memory; a single mode runs in this process.
 */
async function compare(flags: BenchFlags, live: LiveLine, signal: AbortSignal): Promise<void> {
  const results: DeviceResult[] = [];
  const { mode: chosen, freeze } = flags;
  const modes = chosen === 'all' ? BENCH_MODES.filter((mode) => !freeze || mode !== 'layers') : [chosen];
  const dataset = await trainingImages(flags, modes, live);
  for (const mode of modes) {
    live.update(`measuring ${mode}`);
    const measured =
      chosen === 'all' ? measureApart(flags, mode, signal) : measureHere(flags, mode, dataset, live, signal);
    results.push(...(await measured));
  }
  const [first, ...others] = results;
  if (!first) throw new Error('nothing was measured');
  checkLosses(results.filter(({ frozen }) => frozen)); // whose batch norms keep their statistics: the loss is another
  checkLosses(results.filter(({ frozen }) => !frozen));
  const text = `${runtimeLine({ backend: 'tensorflow', ...first })}\n${benchTable(results)}`;
  live.print(flags.json ? `${printableJson({ ...first, others })}\n` : text);
}

/** A measurement, with the device and the version of TensorFlow. */
interface DeviceResult extends BenchResult, Pick<Runtime, 'device' | 'version'> {}

/** Checks that the graph computes the same loss as its ops run one by one, on every device. */
function checkLosses(results: readonly BenchResult[]): void {
  const [loss, ...others] = results.flatMap(({ firstLoss }) => firstLoss ?? []);
  if (loss === undefined) return;
  const wrong = others.find((other) => !(Math.abs(other - loss) <= MAX_LOSS_DIFFERENCE * Math.abs(loss)));
  if (wrong !== undefined) throw new Error(`the first step's loss is ${loss} as one graph, but ${wrong} op by op`);
}

/** Largest relative difference of two losses; a GPU may multiply with 10 bits of mantissa. */
const MAX_LOSS_DIFFERENCE = 1e-2;

/**
 * Measures a mode in this process. With frozen parts the step that trains all is measured in another, for its peak of
 * memory; then both are timed in turns in this one.
 */
async function measureHere(
  flags: BenchFlags,
  mode: BenchMode,
  dataset: DatasetInMemory,
  live: LiveLine,
  signal: AbortSignal,
): Promise<DeviceResult[]> {
  const { device, steps, 'batch-size': batchSize, freeze: frozen } = flags;
  const runtime = await openRuntime({ backend: 'tensorflow', device });
  const options = { mode, steps, batchSize, frozen };
  const result = await measure(runtime, dataset, options, signal);
  const here = { ...result, device: runtime.device, version: runtime.version };
  if (!frozen || mode === 'layers') return [here];
  live.update(`measuring ${mode}, all trained`);
  const [full] = await measureApart({ ...flags, freeze: undefined }, mode, signal);
  if (!full) throw new Error('nothing was measured');
  live.update(`measuring ${mode} in turns`);
  const [ofFrozen, ofFull] = await sideBySide(runtime, dataset, { ...options, mode }, signal);
  return [
    { ...here, ...ofFrozen },
    { ...full, ...ofFull },
  ];
}

/** Measures a mode in another process; see `measureHere`. */
async function measureApart(flags: BenchFlags, mode: BenchMode, signal: AbortSignal): Promise<DeviceResult[]> {
  // This file runs from dist/src/commands.
  const program = fileURLToPath(new URL('../../../bin/resnet.js', import.meta.url));
  const words = ['bench', '--mode', mode, '--json', '--device', flags.device];
  words.push('--steps', String(flags.steps), '--batch-size', String(flags['batch-size']));
  if (flags.freeze) words.push('--freeze', flags.freeze.join());
  words.push('--no-memory-check'); // this process has checked
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { signal });
    const { others, ...first } = JSON.parse(stdout) as DeviceResult & { others: DeviceResult[] };
    return [first, ...others];
  } catch (error) {
    signal.throwIfAborted();
    const { code, signal: killer, stderr = '' } = error as { code?: number; signal?: string; stderr?: string };
    // Unless it was killed, the other process has printed its error after the tool's name.
    const reason = killer ? `the process that measured ${mode} was ended by ${killer}` : '';
    throw new UserError(reason || stderr.trim().replace(/^resnet: /, ''), code ?? ExitCode.bug);
  }
}

async function profile(flags: BenchFlags, live: LiveLine, signal: AbortSignal): Promise<void> {
  const { steps, device, mode, 'batch-size': batchSize } = flags;
  if (mode !== 'all' && mode !== 'compiled') {
    throw new UserError(`--profile traces the compiled step: leave --mode out, got "${mode}"`, ExitCode.usage);
  }
  const file = await TraceFile.choose(flags.trace, flags.overwrite ?? false); // refused before any work
  const dataset = await trainingImages(flags, ['compiled'], live);
  const runtime = await openRuntime({ backend: 'tensorflow', device });
  live.update('tracing');
  const found = await profileTraining(runtime, dataset, { steps, batchSize }, signal);
  await file.write(chromeTrace(found.trace));
  const { trace: _, ...times } = found;
  const note = `the last step's trace is in ${printable(file.path)}:\n  open it in chrome://tracing or ui.perfetto.dev\n`;
  const text = `${runtimeLine(runtime)}\n${profileTables(found)}${note}`;
  live.print(flags.json ? `${printableJson({ ...times, trace: file.path })}\n` : text);
}

/**
 * Loads the images to train on.
 *
 * @throws UserError (usage) if they are too few for a batch, or memory is too small
 */
async function trainingImages(
  flags: BenchFlags,
  modes: readonly BenchMode[],
  live: LiveLine,
): Promise<DatasetInMemory> {
  const { 'batch-size': batchSize, device } = flags;
  const dataset = await loadDataset('train');
  checkBatchFits(batchSize, dataset.count);
  const check = memoryCheck(flags['no-memory-check'], (message) => live.note(`${message}\n`));
  check(benchNeed(dataset, modes, batchSize, device));
  return dataset;
}
