/** The engine that runs the step as one graph, beside the one that runs it op by op. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { drawTransforms } from '../../src/dataset/augmentation.ts';
import { gatherLabels, gatherPixels } from '../../src/dataset/batches.ts';
import { CompiledEngine } from '../../src/engine/compiled-engine.ts';
import { EagerEngine } from '../../src/engine/eager-engine.ts';
import type { Engine, EngineSource } from '../../src/engine/engine.ts';
import { type Hyperparameters, PLAIN_ADAM } from '../../src/engine/hyperparameters.ts';
import { gradientsOf } from '../../src/engine/step.ts';
import { predictionsOf, sumOf } from '../../src/evaluation/predictions.ts';
import { Model } from '../../src/model/model.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { GraphProgram } from '../../src/runtime/graph/program.ts';
import { parseNodeName } from '../../src/runtime/graph/signature.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { columnsDataset, range } from '../support/datasets.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { initialState, valuesOf } from '../support/states.ts';
import { relativeError } from '../support/tensors.ts';

/** Four stages of one or two blocks at 28×28: every form of convolution, a hundredth of the work. */
const network = residualNetwork({ stageBlocks: [1, 1, 1, 2], width: 8, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 28, 28]));
const dataset = columnsDataset(1000, 28);

function source(): EngineSource {
  return { network, parameters, state: initialState(parameters), dataset };
}

describeWithTensorFlow('the compiled engine', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  async function weightsHash(engine: Engine): Promise<string> {
    const hash = createHash('sha256');
    for (const value of valuesOf(parameters, (await engine.state()).values).values()) hash.update(value);
    return hash.digest('hex');
  }

  /** The results of one call to each engine. */
  async function both<Result>(
    engines: { eager: Engine; compiled: Engine },
    call: (engine: Engine) => Promise<Result>,
  ): Promise<{ eager: Result; compiled: Result }> {
    return { eager: await call(engines.eager), compiled: await call(engines.compiled) };
  }

  test('computes what the eager engine computes, in evaluation and in two training steps', async () => {
    const engines = { eager: new EagerEngine(runtime, source()), compiled: new CompiledEngine(runtime, source()) };
    const evaluated = await both(engines, (engine) => engine.evaluate(range(0, 20)));
    expect(relativeError([evaluated.compiled.lossSum], [evaluated.eager.lossSum])).toBeLessThan(1e-5);
    expect(evaluated.compiled.correct).toBe(evaluated.eager.correct);
    const logits = await both(engines, (engine) => engine.logits(range(0, 20)));
    expect(relativeError(logits.compiled, logits.eager)).toBeLessThan(1e-5);

    await both(engines, (engine) => engine.train(range(32, 32), 1e-3));
    const first = await both(engines, (engine) => engine.report());
    expect(relativeError([first.compiled.loss], [first.eager.loss])).toBeLessThan(1e-5);
    expect(relativeError([first.compiled.sums.lossSum], [first.eager.sums.lossSum])).toBeLessThan(1e-5);
    expect(first.compiled.sums).toMatchObject({ count: 32, correct: first.eager.sums.correct });
    const state = await both(engines, (engine) => engine.state());
    expect(state.compiled.batchesTracked).toBe(state.eager.batchesTracked);
    for (const { name } of parameters.filter(({ kind }) => kind.startsWith('running'))) {
      const [compiled, eager] = [state.compiled.values.get(name) ?? [], state.eager.values.get(name) ?? []];
      expect(relativeError(compiled, eager)).toBeLessThan(1e-5);
    }

    await both(engines, (engine) => engine.train(range(64, 32), 1e-3));
    const second = await both(engines, (engine) => engine.report());
    expect(relativeError([second.compiled.loss], [second.eager.loss])).toBeLessThan(5e-3);
    expect(second.compiled.sums.count).toBe(64);
    engines.eager.dispose();
    engines.compiled.dispose();
  });

  test('gives logits that agree with the sums of its evaluation', async () => {
    const compiled = new CompiledEngine(runtime, source());
    const indices = range(5, 20);
    const { lossSum, correct } = await compiled.evaluate(indices);
    const logits = await compiled.logits(indices);
    expect(logits).toHaveLength(20 * 10);
    const sums = sumOf(predictionsOf(dataset, indices, logits));
    expect(relativeError([sums.lossSum], [lossSum])).toBeLessThan(1e-6);
    expect(sums.correct).toBe(correct);
    compiled.dispose();
  });

  test('records gradients that agree with those computed op by op', async () => {
    const { tf } = runtime;
    const shape = [16, 28, 28, 1];
    const pixels = gatherPixels({ pixels: dataset.pixels, rows: range(0, 16) }, 28 * 28);
    const labels = gatherLabels(dataset, range(0, 16));
    const program = new GraphProgram(tf);
    const recorded = new Model({ ...runtime, ops: program.ops }, network, parameters, initialState(parameters));
    const types = { pixels: { dtype: 'float32', shape }, labels: { dtype: 'int32', shape: [16] } } as const;
    program.add('gradients', types, (inputs) => Object.fromEntries(gradientsOf(recorded, inputs).gradients));
    const model = new Model(runtime, network, parameters, initialState(parameters));
    const expected = new Map<string, Float32Array>();
    tf.tidy(() => {
      const { gradients } = gradientsOf(model, {
        pixels: tf.tensor(pixels, shape),
        labels: tf.tensor1d(labels, 'int32'),
      });
      for (const [name, gradient] of gradients) expected.set(name, gradient.dataSync() as Float32Array);
    });
    const feeds = {
      pixels: { ...types.pixels, data: pixels },
      labels: { ...types.labels, data: labels },
    };
    const seen = await program.run('gradients', feeds, [...expected.keys()]);
    expect(expected.size).toBeGreaterThan(40);
    for (const [name, gradient] of expected) {
      expect(relativeError(seen[name]?.data as Float32Array, gradient)).toBeLessThan(1e-5);
    }
    model.dispose();
    program.close();
  });

  test('trains the same variables with batches of several sizes', async () => {
    const compiled = new CompiledEngine(runtime, source());
    const before = await weightsHash(compiled);
    await compiled.train(range(0, 8), 1e-3);
    const between = await weightsHash(compiled);
    await compiled.train(range(8, 5), 1e-3);
    expect(new Set([before, between, await weightsHash(compiled)]).size).toBe(3);
    expect(compiled.step).toBe(2);
    expect((await compiled.state()).batchesTracked).toBe(2);
    expect((await compiled.report()).sums.count).toBe(13);
    await compiled.startEpoch();
    expect((await compiled.report()).sums).toEqual({ count: 0, lossSum: 0, correct: 0 });
    compiled.dispose();
  });

  test('computes the same bits in two runs of 50 steps', async () => {
    const hashes = [];
    for (let run = 0; run < 2; run++) {
      const compiled = new CompiledEngine(runtime, source());
      for (let step = 0; step < 50; step++) await compiled.train(range(16 * step, 16), 1e-3);
      hashes.push(await weightsHash(compiled));
      compiled.dispose();
    }
    expect(hashes[1]).toBe(hashes[0]);
  });

  test('reports the first step whose loss was not finite', async () => {
    const compiled = new CompiledEngine(runtime, source());
    await compiled.train(range(0, 16), 1e-3);
    expect((await compiled.report()).firstNonFinite).toBeUndefined();
    for (let step = 1; step < 6; step++) await compiled.train(range(16 * step, 16), 1e30);
    const { firstNonFinite, loss } = await compiled.report();
    expect(firstNonFinite).toBe(3); // step 2 has the loss before its update, which ruins the weights
    expect(loss).not.toBe(Number.POSITIVE_INFINITY);
    compiled.dispose();
  });

  test('refuses an index outside the data set', async () => {
    const compiled = new CompiledEngine(runtime, source());
    await expect(compiled.evaluate(Int32Array.of(1, 1000))).rejects.toThrow(/1000 is not in \[0, 1000\)/);
    compiled.dispose();
  });

  test('names its nodes after the layers, forward and backward', async () => {
    const compiled = new CompiledEngine(runtime, source());
    await compiled.train(range(0, 8), 1e-3);
    const named = compiled.nodes().flatMap(({ name }) => parseNodeName(name) ?? []);
    const ops = (scope: string) => named.filter((node) => node.scope === scope).map(({ op }) => op);
    expect(ops('conv')).toContain('Conv2D');
    expect(ops('conv/gradient')).toContain('Conv2DBackpropFilter');
    expect(ops('batchnorm')).toContain('FusedBatchNormV3');
    expect(ops('resnet_block1.residual_0.bn2/gradient')).toContain('FusedBatchNormGradV3');
    expect(ops('FC/gradient')).toContain('BatchMatMulV2');
    const trained = parameters.filter(({ name, trainable }) => trainable && !/conv[12]?\.bias/.test(name));
    expect(ops('adam')).toEqual(trained.map(() => 'ResourceApplyAdam'));
    compiled.dispose();
  });

  describe('without an option records no nodes for it', () => {
    interface Step {
      readonly hyperparameters: Hyperparameters;
      readonly transforms?: Float32Array;
    }
    const plain: Step = { hyperparameters: PLAIN_ADAM };
    const block = residualNetwork({ stageBlocks: [1], width: 2, classes: 10 });
    const ofBlock = parametersOf(traceShapes(block, [1, 28, 28]));
    let opsOfPlain: string[];
    beforeAll(async () => {
      opsOfPlain = await opsOf(plain);
    });

    async function opsOf({ hyperparameters, transforms }: Step): Promise<string[]> {
      const model = { network: block, parameters: ofBlock, state: initialState(ofBlock) };
      const compiled = new CompiledEngine(runtime, { ...model, dataset, hyperparameters });
      await compiled.train(range(0, 8), 1e-3, transforms);
      const ops = compiled.nodes().map(({ op }) => op);
      compiled.dispose();
      return ops;
    }

    test.each<[string, Step]>([
      ['--weight-decay', { hyperparameters: { ...PLAIN_ADAM, weightDecay: 0.1 } }],
      ['--clip-norm', { hyperparameters: { ...PLAIN_ADAM, clipNorm: 1 } }],
      ['--label-smoothing', { hyperparameters: { ...PLAIN_ADAM, labelSmoothing: 0.1 } }],
      ['--ema', { hyperparameters: { ...PLAIN_ADAM, ema: 0.9 } }],
      [
        '--augment',
        { ...plain, transforms: drawTransforms(RandomGenerator.seeded(0, 'augmentation'), 'shift', 8, dataset) },
      ],
    ])('%s', async (_, on) => {
      expect((await opsOf(on)).length).toBeGreaterThan(opsOfPlain.length);
      expect(opsOfPlain).not.toContain('ImageProjectiveTransformV3');
    });

    test('other betas and another ε, which need no nodes of their own', async () => {
      const betas: Hyperparameters = { ...PLAIN_ADAM, betas: [0.8, 0.99], epsilon: 1e-6 };
      expect(await opsOf({ hyperparameters: betas })).toEqual(opsOfPlain);
    });
  });

  test('leaves no tensors in memory after 20 steps and an evaluation', async () => {
    const compiled = new CompiledEngine(runtime, source());
    const { tf } = runtime;
    await compiled.startEpoch(); // makes the variables of training
    const before = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) await compiled.train(range(8 * step, 8), 1e-3);
    await compiled.evaluate(range(0, 8));
    await compiled.logits(range(0, 8));
    expect(tf.memory().numTensors).toBe(before);
    compiled.dispose();
  });
});
