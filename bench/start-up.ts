/**
 * Measures the wall time of the whole command `resnet summary`, beside that of Node with an empty script.
 *
 * Usage: npm run bench:start-up
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 21;
const binary = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url)); // this file runs from dist/bench

const CONTENDERS: Record<string, string[]> = {
  'resnet summary': [binary, 'summary'],
  'resnet summary --depth 152': [binary, 'summary', '--depth', '152'],
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
  const sorted = times.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[ROUNDS >> 1], sorted.at(-1)].map((time) => time?.toFixed(0));
  process.stdout.write(`${name}: median of ${ROUNDS} runs ${median} ms (${least} to ${most})\n`);
}
