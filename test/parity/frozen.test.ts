/** Steps with frozen parts, and after their thaw, compute PyTorch's weights, which `pytorch_frozen.py` wrote. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { CompiledEngine } from '../../src/engine/compiled-engine.ts';
import { EagerEngine } from '../../src/engine/eager-engine.ts';
import { type Hyperparameters, hyperparametersOf } from '../../src/engine/hyperparameters.ts';
import { withDecayApplied } from '../../src/model/parameter-layout.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import type { BodyPart } from '../../src/net/parts.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { imagesOf, sampleOf, stateOf } from './generator.ts';

interface FrozenFixture {
  readonly blocks: number[];
  readonly width: number;
  readonly batch: number;
  readonly side: number;
  readonly seed: number;
  readonly frozen: readonly BodyPart[];
  readonly recipe: Partial<Hyperparameters> & { readonly learningRate: number };
  /** The step with frozen parts, and the one after their thaw. */
  readonly steps: readonly {
    readonly loss: number;
    readonly norm: number;
    /** Samples of weights and running statistics after the step. */
    readonly state: Readonly<Record<string, number[]>>;
  }[];
}

const expected: FrozenFixture = JSON.parse(readFileSync(new URL('./frozen.json', import.meta.url), 'utf8'));
const { learningRate, ...given } = expected.recipe;
const hyperparameters = hyperparametersOf(given);

describeWithTensorFlow('a step with frozen parts, and one after their thaw', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  test('clip their gradients in this example', () => {
    for (const { norm } of expected.steps) expect(norm).toBeGreaterThan(2 * (hyperparameters.clipNorm ?? Infinity));
  });

  test.each([
    ['op by op', EagerEngine],
    ['as one graph', CompiledEngine],
  ] as const)('%s compute PyTorch’s weights and running statistics', async (_, Engine) => {
    const { blocks, width, batch, side, seed, frozen, steps } = expected;
    const network = residualNetwork({ stageBlocks: blocks, width, classes: 10 });
    const parameters = parametersOf(traceShapes(network, [1, side, side]));
    const dataset = imagesOf(seed, batch, side);
    const state = stateOf(parameters);
    const engine = new Engine(runtime, { network, parameters, state, dataset, hyperparameters, frozen });
    await engine.startEpoch();
    for (const { loss, state: wanted } of steps) {
      await engine.train(range(0, batch), learningRate);
      expect((await engine.report()).loss / loss).toBeCloseTo(1, 4);
      const { values, optimizer } = await engine.state();
      const after = withDecayApplied(values, parameters, optimizer);
      const compared = parameters.filter(({ kind }) => kind !== 'batchCount');
      expect(Object.keys(wanted).sort()).toEqual(compared.map(({ name }) => name).sort());
      for (const { name } of compared) {
        const found = sampleOf(after.get(name) ?? new Float32Array());
        const errors = (wanted[name] ?? []).map((value, index) => Math.abs((found[index] ?? Number.NaN) - value));
        expect([name, Math.max(...errors) / learningRate < 1e-3]).toEqual([name, true]);
      }
      engine.thaw();
    }
    engine.dispose();
  });
});
