/**
 * Compares training by two workers of this tool on one machine with one process of it, and with two processes of
 * PyTorch's DistributedDataParallel, in turns.
 *
 * Usage: npm run bench:cluster -- [--rounds 5] [--steps 30] [--python python3]
 *
 * The Python needs the packages of bench/peers/requirements.txt. Progress goes to standard error, with the reason for
 * each contender that cannot run; the machine and a Markdown table of medians, spreads and ratios go to standard
 * output.
 */
import { readRuntimeStatus } from '../../src/runtime/installed/locations.ts';
import { machine } from '../machine.ts';
import { foundTcmalloc, pytorch, resnetBench } from '../peers/contenders.ts';
import { inTurns, pytorchVersion, turnOptions } from '../turns.ts';
import { clusterTable, type Measurement } from './table.ts';

/** Processes of each contender but the first, each of one thread; the first has as many threads. */
const WORKERS = 2;
/** Images of all workers in a step. */
const BATCH = 128;
const PEER = 'PyTorch DDP';

const { rounds, steps, python } = turnOptions();
const common = ['--mode', 'compiled', '--steps', String(steps), '--batch-size', String(BATCH)];
const workers = ['--workers', String(WORKERS)];
const one = resnetBench('resnet, one process of two threads', common, threads(WORKERS));
const contenders = [
  one,
  resnetBench('resnet, two workers of one thread', [...common, ...workers], threads(1)),
  resnetBench('the same, --reduce bfloat16', [...common, ...workers, '--reduce', 'bfloat16'], threads(1)),
  ...pytorch(PEER, python, 'pytorch_ddp.py', [steps, WORKERS, 1, BATCH], foundTcmalloc()),
];
const runs = inTurns<Measurement>(contenders, rounds, ['trainImagesPerSecond', 'trainPeakMemoryBytes']);

const versions = [`TensorFlow ${readRuntimeStatus()?.tensorflow ?? 'none'}`, pytorchVersion(runs)];
const what = `${rounds} rounds of ${steps} steps, batch ${BATCH} of all workers, 28×28`;
process.stdout.write(`${machine(...versions)}; ${what}\n\n`);
process.stdout.write(clusterTable(runs, one.name, PEER));

/** Environment by which each process of this tool computes on so many threads. */
function threads(count: number): Record<string, string> {
  return { TF_NUM_INTRAOP_THREADS: String(count) };
}
