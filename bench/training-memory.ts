/**
 * Compares the activations that `resnet summary` counts with measured memory: the difference between a batch of 256 and
 * one of 64.
 *
 * Usage: npm run bench:memory
 *
 * oneDNN's allocator keeps freed memory and grows by doubling, so the resident memory includes its holes. In a second
 * measurement freed memory is returned at once: what remains is the tensors.
 *
 * Estimated 113 MiB. Measured 154 and 166 MiB in two runs (1.36 and 1.47 times), and 113 MiB (1.00 times) where freed
 * memory is returned, on 2 cores without AVX-512, TensorFlow 2.21.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { costsOf, sumCosts, trainingBytes } from '../src/net/cost.ts';
import { resNet } from '../src/net/resnet.ts';
import { traceShapes } from '../src/net/trace.ts';
import { mebibytes } from '../src/numbers.ts';

const BATCH_SIZES = { small: 64, large: 256 };
const binary = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url)); // this file runs from dist/bench

const ALLOCATORS: Record<string, NodeJS.ProcessEnv> = {
  'as the tool runs': {},
  'freed memory returned at once': { TF_ONEDNN_USE_SYSTEM_ALLOCATOR: '1', MALLOC_MMAP_THRESHOLD_: '65536' },
};

const estimate = estimated(BATCH_SIZES.large) - estimated(BATCH_SIZES.small);
process.stdout.write(
  `batch ${BATCH_SIZES.large} less batch ${BATCH_SIZES.small}, estimated: ${mebibytes(estimate)} MiB\n`,
);
for (const [name, environment] of Object.entries(ALLOCATORS)) {
  const difference = measured(BATCH_SIZES.large, environment) - measured(BATCH_SIZES.small, environment);
  process.stdout.write(`measured, ${name}: ${mebibytes(difference)} MiB, ${(difference / estimate).toFixed(2)}×\n`);
}

/** Memory of a training step by the cost table, in bytes. */
function estimated(batch: number): number {
  const traced = traceShapes(resNet({ depth: 18, classes: 10 }), [1, 28, 28]); // what `resnet bench` trains
  return trainingBytes(sumCosts(costsOf(traced, batch).map(({ cost }) => cost)));
}

/** Measured peak resident size of the training process, in bytes. */
function measured(batch: number, environment: NodeJS.ProcessEnv): number {
  const words = [binary, 'bench', '--mode', 'compiled', '--steps', '3', '--batch-size', String(batch), '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout).trainPeakMemoryBytes;
}
