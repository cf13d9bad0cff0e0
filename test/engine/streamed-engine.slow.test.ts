/** An engine that is fed images from a file computes the same bits as one that has them in memory. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Dataset } from '../../src/dataset/dataset.ts';
import { openCacheFile, writeCacheFile } from '../../src/dataset/prepare/cache-file.ts';
import { StreamedPixels } from '../../src/dataset/streamed-pixels.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState, laidOut } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SIDE = 12;
const network = residualNetwork({ stageBlocks: [1], width: 4, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, SIDE, SIDE]));
const inMemory = columnsDataset(60, SIDE);
const folder = temporaryFolder();
let pixels: StreamedPixels;

beforeAll(async () => {
  const { height, width, count } = inMemory;
  const kept = range(0, count);
  const facts = { height, width, channels: 1, hasColour: false, contents: undefined, kept, broken: [] } as const;
  const path = join(folder, 'columns.images');
  await writeCacheFile(path, 'key', { ...facts, pixels: inMemory.pixels });
  const opened = await openCacheFile(path, 'key', 1);
  pixels = new StreamedPixels([{ count, pixels: opened!.pixels }], facts, undefined);
});
afterAll(() => pixels.close());

describe.each([
  { how: 'one graph', backend: 'tensorflow', compile: true },
  { how: 'op by op', backend: 'tensorflow', compile: false },
  { how: 'op by op', backend: 'wasm', compile: false },
] as const)('an engine that runs $how on $backend', ({ backend, compile }) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite('trains and evaluates', () => {
    test.each([false, true])('to the same bits, batches expected: %s', async (expects) => {
      const runtime = await openRuntime({ backend });
      const resultOf = async (dataset: Dataset) => {
        const source = { network, parameters, state: initialState(parameters), dataset };
        const engine = openEngine(runtime, source, compile);
        await engine.startEpoch();
        for (const batch of [range(0, 20), Int32Array.of(59, 3, 3, 17), range(40, 20)]) {
          if (expects) engine.expect(batch);
          await engine.train(batch, 1e-2);
        }
        if (expects) for (const begin of [0, 20]) engine.expect(range(begin, 20)); // the first is never taken
        const evaluated = await engine.evaluate(range(20, 20));
        const result = { evaluated, report: await engine.report(), state: laidOut(parameters, await engine.state()) };
        engine.dispose();
        return { ...result, waited: engine.waitedSeconds };
      };
      const [{ waited, ...streamed }, { waited: none, ...held }] = [
        await resultOf({ ...inMemory, pixels }),
        await resultOf(inMemory),
      ];
      expect(streamed).toEqual(held);
      expect([waited > 0, none]).toEqual([true, 0]);
    });
  });
});
