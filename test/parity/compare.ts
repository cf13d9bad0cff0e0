/**
 * Compares a network with PyTorch: `pytorch_fixtures.py` makes the same weights and images, and wrote PyTorch's
 * results. Errors are relative to a tensor's largest value.
 */
import { expect, test } from '@jest/globals';
import type { EngineSource } from '../../src/engine/engine.ts';
import { PLAIN_ADAM } from '../../src/engine/hyperparameters.ts';
import { parametersOf } from '../../src/net/parameters.ts';
import { residualNetwork } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import type { Runtime } from '../../src/runtime/open.ts';
import { range } from '../support/datasets.ts';
import { relativeError } from '../support/tensors.ts';
import { type BatchFixture, expectFirstStep, expectTensor, fixtures, type TensorFixture } from './fixtures.ts';
import { imagesOf, stateOf } from './generator.ts';
import type { Way, Work } from './ways.ts';

/** The fixtures, each with its network and values. The values, 11 million for ResNet-18, are made once. */
export const subjects = fixtures.map((fixture) => {
  const network = residualNetwork({ stageBlocks: fixture.blocks, width: fixture.width, classes: 10 });
  return { ...fixture, network, state: stateOf(parametersOf(traceShapes(network, [1, 32, 32]))) };
});

/** The share of a step's gradient in Adam's running mean after the first step, which began at 0. */
const FIRST_SHARE = 1 - PLAIN_ADAM.betas[0];

const evaluation: Work = (model, { pixels }) => ({ logits: model.logits(pixels, false) });

const training: Work = (model, { pixels }) => ({ logits: model.logits(pixels, true) });

/** Declares the tests that compare a network, computed in one way, with PyTorch. */
export function compareWithPytorch(subject: (typeof subjects)[number], runtime: () => Runtime, way: Way): void {
  const { network, state } = subject;
  const sourceOf = ({ batch, side, seed }: BatchFixture): EngineSource => ({
    network,
    parameters: parametersOf(traceShapes(network, [1, side, side])),
    state,
    dataset: imagesOf(seed, batch, side),
  });

  test.each(subject.evaluation)(
    'has PyTorch’s logits in evaluation, batch $batch at $side pixels',
    async (expected) => {
      const { logits } = await way.compute(runtime(), sourceOf(expected), evaluation);
      expect(relativeError(logits ?? [], expected.logits)).toBeLessThan(1e-5);
    },
  );

  test.each(subject.training)('has PyTorch’s logits in training, batch $batch at $side pixels', async (expected) => {
    const { logits } = await way.compute(runtime(), sourceOf(expected), training);
    expect(relativeError(logits ?? [], expected.logits)).toBeLessThan(1e-5);
  });

  test.each(subject.training)(
    'has PyTorch’s gradients in its first step, and takes that step, batch $batch at $side pixels',
    async (expected) => {
      const learningRate = 1e-3;
      const source = sourceOf(expected);
      const engine = new way.Engine(runtime(), source);
      await engine.train(range(0, expected.batch), learningRate);
      const first = await engine.report();
      expect(relativeError([first.loss], [expected.losses[0]])).toBeLessThan(1e-5);

      const { values, optimizer } = await engine.state();
      const trained = new Set(source.parameters.filter(({ trainable }) => trainable).map(({ name }) => name));
      for (const [name, wanted] of Object.entries(expected.gradients)) {
        expect([name, trained.delete(name)]).toEqual([name, true]);
        const mean = optimizer?.first.get(name) ?? new Float32Array();
        const gradient = mean.map((value) => value / FIRST_SHARE);
        expectTensor(gradient, wanted, 1e-4);
      }
      // A bias before a batch norm has none: PyTorch's is rounding, and is not written down.
      for (const name of trained) {
        const mean = optimizer?.first.get(name);
        expect([name, mean?.every((value) => value === 0)]).toEqual([name, true]);
      }
      const after = (name: string) => values.get(name) ?? new Float32Array();
      for (const [name, wanted] of Object.entries(expected.statistics)) expectTensor(after(name), wanted, 1e-5);
      for (const [name, wanted] of Object.entries(expected.weights)) {
        const gradient = expected.gradients[name] as TensorFixture;
        expectFirstStep(after(name), wanted, gradient, { learningRate, tolerance: 1e-4 });
      }

      await engine.train(range(0, expected.batch), learningRate);
      const second = await engine.report();
      expect(relativeError([second.loss], [expected.losses[1]])).toBeLessThan(5e-3);
      engine.dispose();
    },
  );
}
