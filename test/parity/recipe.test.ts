/** A step with no hyper-parameter at its default computes PyTorch's weights, which `pytorch_recipe.py` wrote. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { CompiledEngine } from '../../src/engine/compiled-engine.ts';
import { EagerEngine } from '../../src/engine/eager-engine.ts';
import type { Hyperparameters } from '../../src/engine/hyperparameters.ts';
import { withDecayApplied } from '../../src/model/parameter-layout.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { imagesOf, sampleOf, stateOf } from './generator.ts';

interface RecipeFixture {
  readonly blocks: number[];
  readonly width: number;
  readonly batch: number;
  readonly side: number;
  readonly seed: number;
  readonly recipe: Hyperparameters & { readonly learningRate: number };
  /** Loss of the batch before the step, with label smoothing. */
  readonly loss: number;
  /** Norm over all gradients before they are clipped. */
  readonly norm: number;
  /** Samples of the weights after the step. */
  readonly weights: Readonly<Record<string, number[]>>;
}

const expected: RecipeFixture = JSON.parse(readFileSync(new URL('./recipe.json', import.meta.url), 'utf8'));
const { learningRate, ...hyperparameters } = expected.recipe;

describeWithTensorFlow('one step of AdamW, clipped and with smoothed labels', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  test('clips its gradients in this example', () => {
    expect(expected.norm).toBeGreaterThan(2 * (hyperparameters.clipNorm ?? Number.POSITIVE_INFINITY));
  });

  test.each([
    ['op by op', EagerEngine],
    ['as one graph', CompiledEngine],
  ] as const)(
    '%s computes PyTorch’s weights of all parameters, dead weights and biases included',
    async (_, Engine) => {
      const { blocks, width, batch, side, seed, loss, weights } = expected;
      const network = residualNetwork({ stageBlocks: blocks, width, classes: 10 });
      const parameters = parametersOf(traceShapes(network, [1, side, side]));
      const state = stateOf(parameters);
      const engine = new Engine(runtime, {
        network,
        parameters,
        state,
        dataset: imagesOf(seed, batch, side),
        hyperparameters,
      });
      await engine.startEpoch();
      await engine.train(range(0, batch), learningRate);
      expect((await engine.report()).loss / loss).toBeCloseTo(1, 5);
      const { values, optimizer } = await engine.state();
      const after = withDecayApplied(values, parameters, optimizer);
      const trained = parameters.filter(({ trainable }) => trainable);
      expect(Object.keys(weights).sort()).toEqual(trained.map(({ name }) => name).sort());
      for (const { name } of trained) {
        const found = sampleOf(after.get(name) ?? new Float32Array());
        const errors = (weights[name] ?? []).map((value, index) => Math.abs((found[index] ?? Number.NaN) - value));
        expect([name, Math.max(...errors) / learningRate < 1e-3]).toEqual([name, true]);
      }
      engine.dispose();
    },
  );
});
