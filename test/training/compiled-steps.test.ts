import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { initialValues, parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { CompiledSteps } from '../../src/training/compiled-steps.ts';
import { Model } from '../../src/training/model.ts';
import { type Batch, EagerSteps, type Steps } from '../../src/training/steps.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { relativeError } from '../support/tensors.ts';

/** Four stages of one block at 28×28: every form of convolution, a hundredth of the work. */
const network = residualNetwork({ stageBlocks: [1, 1, 1, 2], width: 8, classes: 10 });
const parameters = parametersOf(traceShapes(network, [1, 28, 28]));
const image = [28, 28, 1] as const;

function batchOf(images: number, seed: number): Batch {
  const pixels = new Float32Array(images * 784);
  RandomGenerator.seeded(seed, 'augmentation').fillUniform(pixels, 1);
  return { pixels, labels: Int32Array.from({ length: images }, (_, index) => (index * 7 + seed) % 10) };
}

describeWithTensorFlow('compiled steps', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });

  function newModel(): Model {
    const values = initialValues(parameters, RandomGenerator.seeded(1, 'initialisation'));
    return new Model(runtime, network, parameters, { values, batchesTracked: 0 });
  }

  async function weightsHash(steps: Steps): Promise<string> {
    const hash = createHash('sha256');
    for (const value of (await steps.state()).values.values()) hash.update(value);
    return hash.digest('hex');
  }

  test('compute what the same steps compute op by op', async () => {
    const eager = new EagerSteps(newModel(), image);
    const compiled = await CompiledSteps.open(newModel(), image);
    const evaluated = [await eager.evaluate(batchOf(20, 9)), await compiled.evaluate(batchOf(20, 9))];
    expect(relativeError([evaluated[1]?.lossSum ?? 0], [evaluated[0]?.lossSum ?? 0])).toBeLessThan(1e-5);
    expect(evaluated[1]?.hits).toBe(evaluated[0]?.hits);

    const first = [await eager.train(batchOf(32, 1), 1e-3), await compiled.train(batchOf(32, 1), 1e-3)];
    expect(relativeError([first[1]?.lossSum ?? 0], [first[0]?.lossSum ?? 0])).toBeLessThan(1e-5);
    expect(first[1]).toMatchObject({ images: 32, hits: first[0]?.hits });
    const [expected, seen] = [await eager.state(), await compiled.state()];
    expect(seen.batchesTracked).toBe(expected.batchesTracked);
    for (const { name } of parameters.filter(({ kind }) => kind.startsWith('running'))) {
      expect(relativeError(seen.values.get(name) ?? [], expected.values.get(name) ?? [])).toBeLessThan(1e-5);
    }
    const second = [await eager.train(batchOf(32, 2), 1e-3), await compiled.train(batchOf(32, 2), 1e-3)];
    expect(relativeError([second[1]?.lossSum ?? 0], [second[0]?.lossSum ?? 0])).toBeLessThan(5e-3);
    eager.dispose();
    compiled.dispose();
  });

  test('take batches of several sizes over the same variables', async () => {
    const compiled = await CompiledSteps.open(newModel(), image);
    const before = await weightsHash(compiled);
    await compiled.train(batchOf(8, 1), 1e-3);
    const between = await weightsHash(compiled);
    await compiled.train(batchOf(5, 2), 1e-3);
    expect(new Set([before, between, await weightsHash(compiled)]).size).toBe(3);
    expect(compiled.step).toBe(2);
    expect((await compiled.state()).batchesTracked).toBe(2);
    compiled.dispose();
  });

  test('give the same bits in two runs of 50 steps', async () => {
    const hashes = [];
    for (let run = 0; run < 2; run++) {
      const compiled = await CompiledSteps.open(newModel(), image);
      for (let step = 0; step < 50; step++) await compiled.train(batchOf(16, step), 1e-3);
      hashes.push(await weightsHash(compiled));
      compiled.dispose();
    }
    expect(hashes[1]).toBe(hashes[0]);
  });

  test('leave no tensors behind', async () => {
    const compiled = await CompiledSteps.open(newModel(), image);
    await compiled.train(batchOf(8, 1), 1e-3);
    const { tf } = runtime;
    const before = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) await compiled.train(batchOf(8, step), 1e-3);
    expect(tf.memory().numTensors).toBe(before);
    compiled.dispose();
  });
});
