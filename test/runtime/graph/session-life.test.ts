/** Tests of parallel runs, of the end of a graph session and of its memory. */
import { spawnSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { HostTensor } from '../../../src/runtime/graph/data-types.ts';
import { encodeGraphDef } from '../../../src/runtime/graph/graph-def.ts';
import { GraphSession } from '../../../src/runtime/graph/session.ts';
import { runtimeLocations } from '../../../src/runtime/installed/locations.ts';
import { openRuntime } from '../../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../../support/runtimes.ts';
import { binary, constant, float, placeholder, SLOW, values, variable } from './nodes.ts';

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describeWithTensorFlow('a graph session', () => {
  beforeAll(async () => {
    await openRuntime({ backend: 'tensorflow' });
  });

  describe('during a run', () => {
    test('the event loop is not blocked', async () => {
      const session = new GraphSession(SLOW);
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      const start = performance.now();
      await session.run({}, ['slow']);
      clearInterval(timer);
      expect(performance.now() - start).toBeGreaterThan(20);
      expect(ticks).toBeGreaterThan(5);
    });

    test('changes of the fed arrays have no effect', async () => {
      const session = new GraphSession([placeholder('x'), binary('Neg', 'negated', ['x'])]);
      const x = float([3], 1, 2, 3);
      const run = values(session, { x }, 'negated');
      x.data.fill(9 as never);
      expect(await run).toEqual([[-1, -2, -3]]);
    });

    test('twenty runs can be in progress at once', async () => {
      const session = new GraphSession([placeholder('x'), binary('Neg', 'negated', ['x']), ...variable('', 'sum')]);
      await session.run({ value: float([], 0) }, [], { targets: ['set'] });
      const numbers = Array.from({ length: 20 }, (_, index) => index);
      const runs = numbers.map(async (number) => {
        const feeds = { x: float([], number), value: float([], number) };
        const { tensors } = await session.run(feeds, ['negated'], { targets: ['add'] });
        return tensors[0]?.data[0];
      });
      expect(await Promise.all(runs)).toEqual(numbers.map((number) => (number === 0 ? -0 : -number)));
      expect(await values(session, {}, 'read')).toEqual([[190]]);
    });

    test('nodes can be added', async () => {
      const session = new GraphSession(SLOW);
      const slow = session.run({}, ['slow']);
      session.extend([constant('seven', float([], 7))]);
      expect(await values(session, {}, 'seven')).toEqual([[7]]);
      expect((await slow).tensors[0]?.data).toHaveLength(1);
    });
  });

  describe('after close', () => {
    test('a session refuses further runs and nodes', async () => {
      const session = new GraphSession(SLOW);
      session.close();
      session.close();
      await expect(session.run({}, ['slow'])).rejects.toThrow('the session is closed');
      expect(() => session.extend([])).toThrow('the session is closed');
    });

    test('runs in progress finish', async () => {
      const session = new GraphSession(SLOW);
      const runs = [session.run({}, ['slow']), session.run({}, ['slow'])];
      session.close();
      for (const { tensors } of await Promise.all(runs)) expect(tensors[0]?.data[0]).toBeGreaterThan(0);
    });

    test('a run of a session without references finishes', async () => {
      const run = new GraphSession(SLOW).run({}, ['slow']);
      collectGarbage();
      expect((await run).tensors[0]?.data[0]).toBeGreaterThan(0);
    });

    test.each([
      ['process', 'process.exit(7)'],
      ['thread', 'worker.terminate().then(() => process.exit(7))'],
    ])('a %s can end in the middle of a run without a crash', (_, end) => {
      const graph = Buffer.from(encodeGraphDef(SLOW)).toString('base64');
      const run = `
        const { GraphSession } = require(${JSON.stringify(runtimeLocations().graphSession)});
        const session = new GraphSession(new Uint8Array(), '');
        session.extend(Buffer.from('${graph}', 'base64'), []);
        const runAgain = () => session.run([], ['slow'], [], new Uint8Array()).then(runAgain);
        runAgain();
        require('worker_threads').parentPort.postMessage('running');`;
      const script = `
        const worker = new (require('worker_threads').Worker)(${JSON.stringify(run)}, { eval: true });
        worker.once('message', () => setTimeout(() => ${end}, 100));`;
      const { status, signal } = spawnSync(process.execPath, ['-e', script]);
      expect({ status, signal }).toEqual({ status: 7, signal: null });
    });
  });

  test('frees the memory of runs, errors, traces and closed sessions', async () => {
    const nodes = [placeholder('x'), binary('Neg', 'negated', ['x']), binary('MatMul', 'product', ['x', 'x'])];
    const session = new GraphSession(nodes);
    const x = float([64, 64], ...new Float32Array(64 * 64)); // 16 KiB, so that a leak of one per run is measurable
    const row: HostTensor = { ...x, shape: [1, 4096] };
    const use = async (times: number) => {
      for (let i = 0; i < times; i++) {
        await session.run({ x }, ['negated'], { trace: i % 10 === 0 });
        await session.run({ x: row }, ['product']).catch(() => {});
        if (i % 10 === 0) new GraphSession(nodes).close();
      }
      collectGarbage();
    };
    await use(2000);
    const before = process.memoryUsage().rss;
    await use(2000);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(8);
  });
});
