/**
 * Measures how long it takes to read the same weights from a safetensors file and from a .pth file, in turns in one
 * process: a ResNet-18 with 1000 classes, as torchvision has it. Or the files that are named. Each time includes the
 * checks of checksums: the .pth file has a CRC-32 for each tensor, the safetensors file none, as if another tool wrote it.
 *
 * Usage: npm run bench:read-checkpoint [-- PATH PATH …]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { spreadOf } from '../src/bench/spread.ts';
import { writeFileAtomically } from '../src/checkpoint/atomic-file.ts';
import { loadCheckpoint } from '../src/checkpoint/load-checkpoint.ts';
import { checkpointBytes } from '../src/checkpoint/save-checkpoint.ts';
import type { ExportFormat } from '../src/export/formats.ts';
import { WRITERS } from '../src/export/weights/writers.ts';
import { tensorsOf } from '../src/model/model-tensors.ts';
import { initialValues, parametersOf } from '../src/net/parameters.ts';
import { resNet } from '../src/net/resnet.ts';
import { traceShapes } from '../src/net/trace.ts';
import { RandomGenerator } from '../src/random.ts';
import { machine } from './machine.ts';

/** Number of times that each file is read. */
const ROUNDS = 15;

/** The forms that are read; the first is what the others are compared with. */
const FORMATS: readonly WeightsFormat[] = ['safetensors', 'pth'];

const folder = mkdtempSync(join(tmpdir(), 'resnet-bench-'));
try {
  const { positionals } = parseArgs({ allowPositionals: true });
  const paths = positionals.length > 0 ? positionals : await writtenFiles();
  process.stdout.write(`${machine()}; ${ROUNDS} rounds\n`);
  await compare(paths);
} finally {
  rmSync(folder, { recursive: true });
}

/** Writes the weights in each form. */
async function writtenFiles(): Promise<string[]> {
  const network = resNet({ depth: 18, classes: 1000, variant: 'torchvision' });
  const parameters = parametersOf(traceShapes(network, [3, 224, 224]));
  const values = initialValues(parameters, RandomGenerator.seeded(0, 'initialisation'));
  const tensors = tensorsOf(parameters, { values, batchesTracked: 0 });
  const paths: string[] = [];
  for (const format of FORMATS) {
    const path = join(folder, `resnet18.${format}`);
    const pieces = WRITERS[format]({ path, tensors, metadata: undefined, variant: 'torchvision' });
    await writeFileAtomically(path, pieces, { size: checkpointBytes(tensors.values()) });
    paths.push(path);
  }
  return paths;
}

/** Reads the files in turns, beginning with the next one in each round, and prints their times. */
async function compare(paths: readonly string[]): Promise<void> {
  const milliseconds = paths.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (let turn = 0; turn < paths.length; turn++) {
      const index = (round + 1 + turn) % paths.length;
      const began = performance.now();
      await loadCheckpoint(paths[index]!);
      if (round >= 0) milliseconds[index]!.push(performance.now() - began); // the first round warms up
    }
  }
  const [base] = milliseconds.map((times) => spreadOf(times).median);
  for (const [index, path] of paths.entries()) {
    const { median, least, most } = spreadOf(milliseconds[index]!);
    const size = (statSync(path).size / 1e6).toFixed(1);
    const beside = `; ${(median - base!).toFixed(1)} ms more than the first, ${(median / base!).toFixed(2)} times`;
    process.stdout.write(
      `${basename(path)} (${size} MB): ${median.toFixed(1)} ms (${least.toFixed(1)} to ${most.toFixed(1)})` +
        `${index === 0 ? '' : beside}\n`,
    );
  }
}
