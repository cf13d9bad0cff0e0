/** An engine made from the state of another continues as the other does. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Engine } from '../../src/engine/engine.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import type { ModelState } from '../../src/model/model.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState, laidOut } from '../support/states.ts';

const network = residualNetwork({ stageBlocks: [1, 1], width: 4, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 12, 12]));
const dataset = columnsDataset(200, 12);
const BATCHES = [0, 1, 2, 3, 4, 5];

/** The state and the sums with which an engine resumes. */
interface Begun {
  readonly state: ModelState;
  readonly sums: Awaited<ReturnType<Engine['report']>>['sums'];
}

describe.each([
  { how: 'one graph', backend: 'tensorflow', compile: true },
  { how: 'op by op', backend: 'tensorflow', compile: false },
  { how: 'op by op', backend: 'wasm', compile: false },
] as const)('an engine that runs $how on $backend', ({ backend, compile }) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite('and begins with the state of another', () => {
    let runtime: Runtime;

    const engineFrom = (state: ModelState) => openEngine(runtime, { network, parameters, state, dataset }, compile);

    /** Trains on these batches of 16 images, batch 5 with 7, and returns the report of each step. */
    async function trainOn(engine: Engine, batches: readonly number[]) {
      const reports = [];
      for (const batch of batches) {
        await engine.train(range(16 * batch, batch === 5 ? 7 : 16), 1e-2);
        reports.push(await engine.report());
      }
      return reports;
    }

    /** The steps after which another engine begins, with the state and the epoch's sums that it begins with. */
    const STOPS = [1, 3, 5];
    const begun = new Map<number, Begun>();
    let whole: Engine;
    const reports: unknown[] = [];
    beforeAll(async () => {
      runtime = await openRuntime({ backend });
      whole = engineFrom(initialState(parameters));
      await whole.startEpoch();
      for (const batch of BATCHES) {
        if (STOPS.includes(batch)) begun.set(batch, { sums: (await whole.report()).sums, state: await whole.state() });
        reports.push(...(await trainOn(whole, [batch]))); // must not change the copies of its state
      }
    });
    afterAll(() => whole.dispose());

    test.each(STOPS)('continues after step %i as the other does, to the last bit', async (stop) => {
      const { state, sums } = begun.get(stop)!;
      const resumed = engineFrom(state);
      await resumed.startEpoch(sums);
      expect(await trainOn(resumed, BATCHES.slice(stop))).toEqual(reports.slice(stop));
      expect(resumed.step).toBe(whole.step);
      expect(laidOut(parameters, await resumed.state())).toEqual(laidOut(parameters, await whole.state()));
      expect(await resumed.evaluate(range(100, 50))).toEqual(await whole.evaluate(range(100, 50)));
      resumed.dispose();
    });

    test('has that very state, and the given sums, before its first step', async () => {
      const first = engineFrom(initialState(parameters));
      await first.startEpoch();
      await trainOn(first, [0, 1]);
      const [state, { sums }] = [await first.state(), await first.report()];
      const second = engineFrom(state);
      await second.startEpoch(sums);
      expect(second.step).toBe(2);
      expect(laidOut(parameters, await second.state())).toEqual(laidOut(parameters, state));
      expect((await second.report()).sums).toEqual(sums);
      first.dispose();
      second.dispose();
    });

    test('continues otherwise if the state lacks the optimizer', async () => {
      const first = engineFrom(initialState(parameters));
      await first.startEpoch();
      await trainOn(first, [0, 1]);
      const { values, batchesTracked } = await first.state();
      const second = engineFrom({ values, batchesTracked });
      await second.startEpoch();
      for (const engine of [first, second]) await trainOn(engine, [2]);
      const [known, unknown] = [await first.state(), await second.state()];
      expect(laidOut(parameters, unknown).values).not.toEqual(laidOut(parameters, known).values);
      first.dispose();
      second.dispose();
    });

    test('has no optimizer in its state before an epoch was started', async () => {
      const engine = engineFrom(initialState(parameters));
      expect((await engine.state()).optimizer).toBeUndefined();
      await engine.startEpoch();
      expect((await engine.state()).optimizer).toMatchObject({ step: 0 });
      engine.dispose();
    });
  });
});
