/**
 * Compares the speed of training and evaluation of this tool and its peers on one machine. They run in turns, so that
 * other load on the machine affects all of them. (`resnet bench` is the library's own measurement, in src/bench/.)
 *
 * Usage: npm run bench:peers -- [--rounds 5] [--steps 30] [--python python3]
 *
 * The Python needs the packages of bench/peers/requirements.txt. Progress goes to standard error, with the reason for
 * each contender that cannot run; the machine and a Markdown table of medians, spreads and ratios go to standard
 * output.
 */
import { readRuntimeStatus } from '../../src/runtime/installed/locations.ts';
import { machine } from '../machine.ts';
import { inTurns, pytorchVersion, turnOptions } from '../turns.ts';
import { FIGURES, foundTcmalloc, type Measurement, ours, peers } from './contenders.ts';
import { comparisonTable } from './table.ts';

const { rounds, steps, python } = turnOptions();
const base = ours(steps);
const runs = inTurns<Measurement>([base, ...peers(python, steps, foundTcmalloc())], rounds, FIGURES);

const versions = [`TensorFlow ${readRuntimeStatus()?.tensorflow ?? 'none'}`, pytorchVersion(runs)];
process.stdout.write(`${machine(...versions)}; ${rounds} rounds of ${steps} steps, batch 128, 28×28\n\n`);
process.stdout.write(comparisonTable(runs, base.name));
