/**
 * Measures training on MNIST beside another build of this tool, round by round in changing order: the time from the start of the
 * process to its first step, images a second, and peak memory. `fast` (the default recipe) trains 6,400 images once.
 *
 * Usage: npm run bench:first-step -- --resnet OTHER/bin/resnet.js [--rounds 9]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, spreadOf } from '../src/bench/spread.ts';

const { values } = parseArgs({ options: { resnet: { type: 'string' }, rounds: { type: 'string', default: '9' } } });
if (values.resnet === undefined) throw new Error('--resnet must name the other build: OTHER/bin/resnet.js');

const BUILDS = { other: values.resnet, this: fileURLToPath(new URL('../../bin/resnet.js', import.meta.url)) };

/** What is measured, with its unit. */
const MEASURES = { firstStep: 'start to first step (s)', speed: 'images/s', memory: 'peak memory (MiB)' } as const;
type Measures = Record<keyof typeof MEASURES, number>;

const WORDS = ['--limit-train', '6400', '--limit-val', '500', '--epochs', '1', '--json'];

/** One run of a build. */
async function runOf(binary: string): Promise<Measures> {
  const folder = mkdtempSync(join(tmpdir(), 'resnet-bench-'));
  const began = performance.now();
  const run = spawn(process.execPath, [binary, 'train', ...WORDS, '--checkpoint-dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const found: Partial<Measures> = {};
  for await (const line of createInterface({ input: run.stdout })) {
    const event = JSON.parse(line) as Record<string, unknown>;
    if (event.event === 'step') found.firstStep ??= (performance.now() - began) / 1000;
    if (event.event === 'epoch') found.speed = Number(event.imagesPerSecond);
    if (event.event === 'end') found.memory = Number(event.peakMemoryBytes) / 2 ** 20;
  }
  rmSync(folder, { recursive: true });
  const { firstStep, speed, memory } = found;
  if (firstStep === undefined || speed === undefined || memory === undefined) throw new Error(`${binary} failed`);
  return { firstStep, speed, memory };
}

const runs: Record<keyof typeof BUILDS, Measures[]> = { other: [], this: [] };
for (let round = 0; round < Number(values.rounds); round++) {
  const order = round % 2 === 0 ? (['other', 'this'] as const) : (['this', 'other'] as const);
  for (const name of order) runs[name].push(await runOf(BUILDS[name]));
}
for (const [name, unit] of Object.entries(MEASURES) as [keyof Measures, string][]) {
  const [other, own] = [runs.other, runs.this].map((list) => list.map((each) => each[name])) as [number[], number[]];
  const text = (list: number[]) => {
    const { median: middle, least, most } = spreadOf(list);
    return `${middle.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
  };
  const ratio = (median(own) / median(other)).toFixed(3);
  process.stdout.write(`${unit}: other ${text(other)}, this ${text(own)}, ratio of medians ${ratio}\n`);
}
