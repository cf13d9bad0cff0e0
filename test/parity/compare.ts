/**
 * Compares a network with PyTorch: `pytorch_fixtures.py` makes the same weights and images, and wrote PyTorch's
 * results. Errors are relative to a tensor's largest value.
 */
import { expect, test } from '@jest/globals';
import type { EngineSource } from '../../src/engine/engine.ts';
import { gradientsOf } from '../../src/engine/step.ts';
import { type KernelSizes, kernelOfTaps } from '../../src/model/kernel-layout.ts';
import { type Parameter, parametersOf, sizeOf } from '../../src/net/parameters.ts';
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

const evaluation: Work = (model, { pixels }) => ({ logits: model.logits(pixels, false) });

const training: Work = (model, batch) => ({
  logits: model.logits(batch.pixels, true),
  ...Object.fromEntries(gradientsOf(model, batch).gradients),
});

/** A gradient in PyTorch's layout; 0 at dead taps. */
function inPytorchLayout({ kind, shape, live }: Parameter, gradient: Float32Array): Float32Array {
  if (!kind.endsWith('Weight')) return gradient;
  const [out = 1, input = 1, height = 1, width = 1] = shape;
  const sizes: KernelSizes = [out, input, height, width];
  return kernelOfTaps(gradient, new Float32Array(sizeOf(shape)), sizes, live);
}

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

  test.each(subject.training)(
    'has PyTorch’s logits and gradients in training, batch $batch at $side pixels',
    async (expected) => {
      const source = sourceOf(expected);
      const { logits, ...gradients } = await way.compute(runtime(), source, training);
      expect(relativeError(logits ?? [], expected.logits)).toBeLessThan(1e-5);
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(expected.gradients).sort());
      for (const parameter of source.parameters) {
        const [gradient, wanted] = [gradients[parameter.name], expected.gradients[parameter.name]];
        if (gradient && wanted) expectTensor(inPytorchLayout(parameter, gradient), wanted, 1e-4);
      }
    },
  );

  test.each(subject.training)('takes PyTorch’s first step, batch $batch at $side pixels', async (expected) => {
    const learningRate = 1e-3;
    const engine = new way.Engine(runtime(), sourceOf(expected));
    await engine.train(range(0, expected.batch), learningRate);
    const first = await engine.report();
    expect(relativeError([first.loss], [expected.losses[0]])).toBeLessThan(1e-5);

    const { values } = await engine.state();
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
  });
}
