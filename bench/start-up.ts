/**
 * Measures the wall time of commands that end at once, beside that of Node with an empty script.
 *
 * Usage: npm run bench:start-up
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { spreadOf } from '../src/bench/spread.ts';

/** Number of runs of each contender. */
const ROUNDS = 21;
const binary = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url)); // this file runs from dist/bench

/** Command lines of Node by the name of what they run. */
const CONTENDERS: Record<string, string[]> = {
  'resnet summary': [binary, 'summary'],
  'resnet summary --depth 152': [binary, 'summary', '--depth', '152'],
  'resnet --help': [binary, '--help'],
  'resnet completion bash': [binary, 'completion', 'bash'],
  'resnet completion zsh': [binary, 'completion', 'zsh'],
  'resnet completion fish': [binary, 'completion', 'fish'],
  'an empty Node': ['-e', '0'],
};

const milliseconds: Record<string, number[]> = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, words] of Object.entries(CONTENDERS)) {
    const began = performance.now();
    execFileSync(process.execPath, words, { stdio: 'ignore' });
    milliseconds[name] = [...(milliseconds[name] ?? []), performance.now() - began];
  }
}
for (const [name, times] of Object.entries(milliseconds)) {
  const { median, least, most } = spreadOf(times);
  const range = `${least.toFixed(0)} to ${most.toFixed(0)}`;
  process.stdout.write(`${name}: median of ${ROUNDS} runs ${median.toFixed(0)} ms (${range})\n`);
}
