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
  /** Weights of the classes in the loss; absent if all weigh the same. */
  readonly classWeights?: number[];
  /** Loss of the batch before the step, with label smoothing. */
  readonly loss: number;
  /** Norm over all gradients before they are clipped. */
  readonly norm: number;
  /** Samples of the weights after the step. */
  readonly weights: Readonly<Record<string, number[]>>;
}

function fixtureIn(name: string): RecipeFixture {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** The same step, without and with weights of the classes. */
const FIXTURES = { plain: fixtureIn('./recipe.json'), weighted: fixtureIn('./recipe-weighted.json') };

describeWithTensorFlow('one step of AdamW, clipped and with smoothed labels', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  test.each(Object.entries(FIXTURES))('clips its gradients in the %s example', (_, { norm, recipe }) => {
    expect(norm).toBeGreaterThan(2 * (recipe.clipNorm ?? Number.POSITIVE_INFINITY));
  });

  test.each([
    ['op by op', 'plain', EagerEngine],
    ['as one graph', 'plain', CompiledEngine],
    ['op by op', 'weighted', EagerEngine],
    ['as one graph', 'weighted', CompiledEngine],
  ] as const)(
    '%s computes PyTorch’s weights of all parameters, dead weights and biases included (%s classes)',
    async (_, example, Engine) => {
      const { blocks, width, batch, side, seed, recipe, classWeights, loss, weights } = FIXTURES[example];
      const { learningRate, ...hyperparameters } = recipe;
      const network = residualNetwork({ stageBlocks: blocks, width, classes: 10 });
      const parameters = parametersOf(traceShapes(network, [1, side, side]));
      const state = stateOf(parameters);
      const engine = new Engine(runtime, {
        network,
        parameters,
        state,
        dataset: imagesOf(seed, batch, side),
        hyperparameters,
        ...(classWeights ? { classWeights: Float32Array.from(classWeights) } : {}),
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
