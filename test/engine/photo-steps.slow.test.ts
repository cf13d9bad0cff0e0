/** Steps with changed images and weighted classes: the same losses and weights in all ways to compute. */
import { describe, expect, test } from '@jest/globals';
import { type Augmentation, drawChanges } from '../../src/dataset/augmentation.ts';
import type { Dataset } from '../../src/dataset/dataset.ts';
import type { EngineSource } from '../../src/engine/engine.ts';
import { hyperparametersOf } from '../../src/engine/hyperparameters.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { openRuntime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState } from '../support/states.ts';
import { relativeError } from '../support/tensors.ts';

const SIDE = 12;
const COUNT = 16;
/** More classes than a byte counts. */
const CLASSES = 300;

/** Images of three channels, of classes below 256 and above. */
const coloured = (() => {
  const { pixels, ...grey } = columnsDataset(3 * COUNT, SIDE);
  const labels = Uint16Array.from({ length: COUNT }, (_, index) => (index % 4) * 99);
  return { ...grey, pixels, count: COUNT, channels: 3, labels, classes: CLASSES } as Dataset;
})();
const network = residualNetwork({ stageBlocks: [1, 1], width: 4, classes: CLASSES });
const parameters = parametersOf(traceShapes(network, [3, SIDE, SIDE]));

const source: EngineSource = {
  ...{ network, parameters, dataset: coloured },
  state: initialState(parameters),
  normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  hyperparameters: hyperparametersOf({ labelSmoothing: 0.1, clipNorm: 0.5 }),
  classWeights: Float32Array.from({ length: CLASSES }, (_, label) => 0.25 + (label % 7)),
};

/** The ways to compute: the backend, and whether a step is one graph. */
const WAYS = [
  ['tensorflow', false],
  ['tensorflow', true],
  ['wasm', false],
] as const;

/** The losses of two steps, and what the second has made of the head's biases. */
async function trained(
  [backend, compile]: (typeof WAYS)[number],
  augmentation: Exclude<Augmentation, 'none'>,
  more: Partial<EngineSource> = {},
): Promise<number[]> {
  const runtime = await openRuntime({ backend }); // it becomes TensorFlow.js's backend, the only one at a time
  const engine = openEngine(runtime, { ...source, ...more }, compile);
  const generator = RandomGenerator.seeded(4, 'augmentation');
  const losses: number[] = [];
  await engine.startEpoch();
  for (let step = 0; step < 2; step++) {
    await engine.train(range(0, COUNT), 1e-3, drawChanges(generator, augmentation, COUNT, coloured));
    losses.push((await engine.report()).loss);
  }
  const { sums } = await engine.report();
  expect(sums.count).toBe(2 * COUNT);
  expect(relativeError([sums.lossSum], [COUNT * (losses[0]! + losses[1]!)])).toBeLessThan(1e-5);
  const { logits } = await engine.evaluate(range(0, COUNT));
  engine.dispose();
  return [...losses, ...logits];
}

describeWithTensorFlow('two steps', () => {
  describe.each([
    ['all trained', {}],
    ['with a frozen stem and stage', { frozen: ['stem', 'stage1'] }],
  ] as const)('%s', (_, more) => {
    test('on flipped images, and on crops in other colours, give the same losses and logits in all ways to compute', async () => {
      const seen: number[][] = [];
      for (const augmentation of ['flip', 'photo'] as const) {
        const [wanted, ...others] = [
          await trained(WAYS[0], augmentation, more),
          await trained(WAYS[1], augmentation, more),
          await trained(WAYS[2], augmentation, more),
        ];
        for (const found of others) expect(relativeError(found, wanted)).toBeLessThan(1e-3);
        seen.push(wanted);
      }
      expect(relativeError(seen[0]!.slice(0, 1), seen[1]!.slice(0, 1))).toBeGreaterThan(1e-4);
    });
  });

  test('with weights that are all alike have the loss without weights', async () => {
    const { classWeights: _, ...plain } = source;
    const alike = { classWeights: new Float32Array(CLASSES).fill(3) };
    const [weighted] = await trained(WAYS[0], 'flip', { ...plain, ...alike });
    const [unweighted] = await trained(WAYS[0], 'flip', { classWeights: undefined });
    expect(relativeError([weighted!], [unweighted!])).toBeLessThan(1e-5);
    const [different] = await trained(WAYS[0], 'flip');
    expect(relativeError([different!], [unweighted!])).toBeGreaterThan(1e-3);
  });
});
