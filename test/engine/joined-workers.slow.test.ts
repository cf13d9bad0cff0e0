/** Several workers that train one model, each in a process of its own: they compute what one computes. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { relativeError } from '../support/tensors.ts';
import type { JoinedWork } from './joined-worker.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/test/engine/joined-worker.js', import.meta.url));

type Joined = Omit<JoinedWork, 'rank' | 'ports'>;

/** What a worker prints: after its first step, and at the end. */
interface Told {
  readonly loss: number;
  readonly sums: { readonly count: number; readonly lossSum: number; readonly correct: number };
  /** Adam's first moments after one step: a tenth of the gradients. */
  readonly moments: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string>>;
  readonly evaluated: { readonly lossSum: number; readonly correct: number; readonly logits: readonly number[] };
  readonly few: number;
  readonly answers?: readonly boolean[];
  readonly stopped?: readonly number[];
  /** SHA-256 of weights, statistics, moments and averages at the end. */
  readonly hash: string;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** What each of so many workers tells. */
async function workers(count: number, joined: Joined): Promise<Told[]> {
  const ports = await freePorts(count);
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  const env = { ...inherited, TF_NUM_INTRAOP_THREADS: '1' };
  const processes = ports.map((_, rank) => {
    const words = [SCRIPT, JSON.stringify({ ...joined, rank, ports })];
    return spawn(process.execPath, words, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  });
  const lines = processes.map(async (process) => {
    let text = '';
    for await (const part of process.stdout.setEncoding('utf8')) {
      text += part;
      if (text.endsWith('}')) break;
    }
    return JSON.parse(text) as Told;
  });
  try {
    return await Promise.all(lines);
  } finally {
    for (const each of processes) each.stdin.end();
  }
}

function numbers(base64: string | undefined): Float32Array {
  const bytes = Buffer.from(base64 ?? '', 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const norm = (values: Float32Array) => Math.hypot(...values);

/** The largest relative distance of tensors; those are left out that are noise beside the largest. */
function worst(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): number {
  const largest = Math.max(...Object.values(one).map((value) => norm(numbers(value))));
  const distances = Object.entries(one).map(([name, value]) => {
    const [expected, seen] = [numbers(value), numbers(other[name])];
    if (norm(expected) < 1e-5 * largest) return 0;
    return norm(expected.map((each, index) => each - (seen[index] ?? Number.NaN))) / norm(expected);
  });
  return Math.max(...distances);
}

/** A step with all that a step can have; 30 images are 7, 8, 7 and 8 for four workers. */
const ALL: Joined = {
  batch: [10, 40],
  syncBatchNorm: true,
  reduce: 'float32',
  variant: 'torchvision',
  hyperparameters: { weightDecay: 0.1, clipNorm: 0.5, ema: 0.9, labelSmoothing: 0.1 },
  classWeights: [1, 2, 3, 4, 5, 1, 2, 3, 4, 5],
};

describeWithTensorFlow('workers that take parts of a batch', () => {
  test('2 and 4 agree with one process, with batch norm over all parts, and are equal to the last bit', async () => {
    const [one] = (await workers(1, ALL)) as [Told];
    for (const count of [2, 4]) {
      const told = await workers(count, ALL);
      const [first] = told as [Told];
      expect(relativeError([first.loss], [one.loss])).toBeLessThan(1e-5);
      expect(worst(one.moments, first.moments)).toBeLessThan(1e-4);
      expect(first.sums).toMatchObject({ count: 30, correct: one.sums.correct });
      expect(relativeError([first.evaluated.lossSum], [one.evaluated.lossSum])).toBeLessThan(1e-5);
      expect(relativeError(first.evaluated.logits, one.evaluated.logits)).toBeLessThan(1e-4);
      expect([first.evaluated.correct, first.few]).toEqual([one.evaluated.correct, one.few]);
      for (const each of told) {
        expect(each).toMatchObject({ hash: first.hash, loss: first.loss, evaluated: first.evaluated });
        expect(each).toMatchObject({ answers: [true, false], stopped: [1] });
      }
    }
  }, 120_000);

  test('2 average the running statistics of their parts, and sum gradients in bfloat16', async () => {
    const joined: Joined = { batch: [0, 30], syncBatchNorm: false, reduce: 'float32', variant: 'lesson' };
    const half = (batch: [number, number]) => workers(1, { ...joined, batch });
    const [two, rounded, [left], [right]] = (await Promise.all([
      workers(2, joined),
      workers(2, { ...joined, reduce: 'bfloat16' }),
      half([0, 15]),
      half([15, 30]),
    ])) as [[Told, Told], [Told, Told], [Told], [Told]];
    expect(two[0].hash).toBe(two[1].hash);
    expect(rounded[0].hash).toBe(rounded[1].hash);
    expect(rounded[0].hash).not.toBe(two[0].hash);
    const mean = (one: string | undefined, other: string | undefined) => {
      const values = numbers(other);
      return numbers(one).map((value, index) => (value + (values[index] ?? Number.NaN)) / 2);
    };
    for (const name of Object.keys(left.values).filter((each) => /running_(mean|var)$/.test(each))) {
      expect(relativeError(numbers(two[0].values[name]), mean(left.values[name], right.values[name]))).toBeLessThan(
        1e-5,
      );
    }
    for (const [name, moment] of Object.entries(two[0].moments)) {
      const parts = mean(left.moments[name], right.moments[name]);
      if (norm(parts) < 1e-5) continue;
      expect(relativeError(numbers(moment), parts)).toBeLessThan(1e-4);
      expect(relativeError(numbers(rounded[0].moments[name]), parts)).toBeLessThan(1e-2);
    }
  }, 120_000);
});
