/**
 * What `resnet summary` says of the activations that training keeps, beside the resident memory that a batch of 256
 * takes more than one of 64. Usage: npm run bench:memory
 *
 * oneDNN's allocator gives nothing back and grows by doubling, so that its holes count too. A second measurement has
 * freed memory given back at once, which leaves what the tensors take.
 *
 * Estimated 113 MiB; measured in two runs 154 and 166 MiB (1.36 and 1.47 times), and 113 MiB (1.00 times), on 2 cores without AVX-512,
 * TensorFlow 2.21.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { costsOf, sumCosts, trainingBytes } from '../src/net/cost.ts';
import { resNet } from '../src/net/resnet.ts';
import { traceShapes } from '../src/net/trace.ts';
import { mebibytes } from '../src/report/numbers.ts';

const BATCHES = { small: 64, large: 256 };
const binary = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url)); // this file runs from dist/bench

const ALLOCATORS: Record<string, NodeJS.ProcessEnv> = {
  'as the tool runs': {},
  'freed memory given back at once': { TF_ONEDNN_USE_SYSTEM_ALLOCATOR: '1', MALLOC_MMAP_THRESHOLD_: '65536' },
};

const estimate = estimated(BATCHES.large) - estimated(BATCHES.small);
process.stdout.write(`batch ${BATCHES.large} less batch ${BATCHES.small}, estimated: ${mebibytes(estimate)} MiB\n`);
for (const [name, environment] of Object.entries(ALLOCATORS)) {
  const difference = measured(BATCHES.large, environment) - measured(BATCHES.small, environment);
  process.stdout.write(`measured, ${name}: ${mebibytes(difference)} MiB, ${(difference / estimate).toFixed(2)}×\n`);
}

function estimated(batch: number): number {
  const traced = traceShapes(resNet({ depth: 18, classes: 10 }), [1, 28, 28]); // what `resnet bench` trains
  return trainingBytes(sumCosts(costsOf(traced, batch).map(({ cost }) => cost)));
}

/** Peak resident size until training ended, in bytes. */
function measured(batch: number, environment: NodeJS.ProcessEnv): number {
  const words = [binary, 'bench', '--mode', 'compiled', '--steps', '3', '--batch-size', String(batch), '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout).trainPeakMemoryBytes;
}
