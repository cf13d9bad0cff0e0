/** Engines normalise images by the numbers of the model, channel by channel, augmented or not. */

import { beforeEach, expect, test } from '@jest/globals';
import type { DatasetInMemory } from '../../src/dataset/dataset.ts';
import type { Normalisation } from '../../src/dataset/normalisation.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState } from '../support/states.ts';
import { relativeError } from '../support/tensors.ts';

const SIDE = 12;
const COUNT = 20;
const network = residualNetwork({ stageBlocks: [1], width: 4, classes: 10 });

/** Twenty images of 12×12 pixels in three channels. */
const coloured = (() => {
  const grey = columnsDataset(3 * COUNT, SIDE);
  return { ...grey, count: COUNT, channels: 3, labels: grey.labels.slice(0, COUNT) } as unknown as DatasetInMemory;
})();

/** The ways to compute: the backend, and whether a step is one graph. */
const WAYS = [
  ['tensorflow', false],
  ['tensorflow', true],
  ['wasm', false],
] as const;

/** An engine for the same random weights on these images. */
function engineFor(runtime: Runtime, normalisation: Normalisation, compile: boolean, dataset = coloured): Engine {
  const parameters = parametersOf(traceShapes(network, [3, SIDE, SIDE]));
  return openEngine(runtime, { network, parameters, state: initialState(parameters), dataset, normalisation }, compile);
}

describeWithTensorFlow('an engine', () => {
  let runtime: Runtime;
  beforeEach(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  test.each([false, true])('normalises every channel by its own numbers (compiled: %s)', async (compile) => {
    const logitsOf = (normalisation: Normalisation, dataset?: DatasetInMemory) =>
      engineFor(runtime, normalisation, compile, dataset).logits(range(0, COUNT));
    const all = await logitsOf({ mean: 0.25, std: 0.5 });
    expect(await logitsOf({ mean: [0.25, 0.25, 0.25], std: [0.5, 0.5, 0.5] })).toEqual(all);
    expect(relativeError(await logitsOf({ mean: 0.5, std: 0.5 }), all)).toBeGreaterThan(0.01);
    // A channel whose bytes are halved is the same under half its mean and half its deviation.
    const even = coloured.pixels.map((byte) => byte & ~1);
    const halved = even.map((byte, at) => (at % 3 === 1 ? byte / 2 : byte));
    const numbers = { mean: [0.1, 0.4, 0.3], std: [0.2, 0.6, 0.4] };
    const ofHalved = { mean: [0.1, 0.2, 0.3], std: [0.2, 0.3, 0.4] };
    const wanted = await logitsOf(numbers, { ...coloured, pixels: even });
    expect(relativeError(await logitsOf(ofHalved, { ...coloured, pixels: halved }), wanted)).toBeLessThan(1e-5);
  });

  test.each([
    { mean: 0.1307, std: 0.3081 },
    { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  ])('shifts black pixels in, as %j normalises them, in all ways to compute', async (normalisation) => {
    const black: DatasetInMemory = { ...coloured, pixels: new Uint8Array(coloured.pixels.length) };
    const shifts = Float32Array.from({ length: 8 * COUNT }, (_, at) => [1, 0, 2, 0, 1, -2, 0, 0][at % 8]!);
    const losses: number[] = [];
    for (const [backend, compile] of WAYS) {
      const opened = await openRuntime({ backend }); // it becomes TensorFlow.js's backend, the only one at a time
      for (const transforms of [undefined, shifts]) {
        const engine = engineFor(opened, normalisation, compile, black);
        await engine.train(range(0, COUNT), 1e-3, transforms);
        losses.push((await engine.report()).loss);
      }
    }
    for (const loss of losses) expect(relativeError([loss], [losses[0]!])).toBeLessThan(1e-5);
  });
});
