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
import { parseArgs } from 'node:util';
import { readRuntimeStatus } from '../../src/runtime/installed/locations.ts';
import { machine } from '../machine.ts';
import { type Contender, findTcmalloc, type Measurement, measure, ours, peers } from './contenders.ts';
import { comparisonTable } from './table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '30' },
    python: { type: 'string', default: 'python3' },
  },
});
const rounds = wholeNumber('rounds');
const steps = wholeNumber('steps');

const tcmalloc = findTcmalloc();
if (tcmalloc === undefined) say('PyTorch is not measured with tcmalloc: install libtcmalloc-minimal4 (gperftools)');

const runs = new Map<Contender, Measurement[]>();
const base = ours(steps);
for (const contender of [base, ...peers(values.python, steps, tcmalloc)]) runs.set(contender, []);

for (let round = 1; round <= rounds; round++) {
  for (const [contender, measurements] of runs) {
    try {
      const measurement = measure(contender);
      measurements.push(measurement);
      say(`round ${round}: ${contender.name}: ${Math.round(measurement.trainImagesPerSecond)} images/s in training`);
    } catch (error) {
      runs.delete(contender); // from the table, too: it lacks rounds that the others have
      say(`${contender.name} cannot run: ${error instanceof Error ? error.message : error}`);
    }
  }
}

const table = [...runs].map(([{ name }, measurements]) => ({ name, measurements }));
process.stdout.write(`${machine(...versions())}; ${rounds} rounds of ${steps} steps, batch 128, 28×28\n\n`);
process.stdout.write(comparisonTable(table, base.name));

/** Versions of the contenders' libraries. */
function versions(): string[] {
  const pytorch = [...runs.values()].flat().find(({ pytorchVersion }) => pytorchVersion)?.pytorchVersion ?? 'none';
  return [`TensorFlow ${readRuntimeStatus()?.tensorflow ?? 'none'}`, `PyTorch ${pytorch}`];
}

function wholeNumber(option: 'rounds' | 'steps'): number {
  const value = Number(values[option]);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  process.stderr.write(`--${option} must be a whole number of at least 1, got ${values[option]}\n`);
  process.exit(2);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
