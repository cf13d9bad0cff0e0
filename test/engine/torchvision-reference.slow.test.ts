/**
 * Every depth, variant and stem computes what torchvision or PyTorch computes, which torchvision_reference.py wrote.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { gradientsOf } from '../../src/engine/step.ts';
import { kernelOfTaps } from '../../src/model/kernel-layout.ts';
import { Model } from '../../src/model/model.ts';
import type { Sequential } from '../../src/net/layers.ts';
import { type Parameter, parametersOf, sizeOf } from '../../src/net/parameters.ts';
import { type Architecture, residualNetwork, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { GraphProgram } from '../../src/runtime/graph/program.ts';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { referenceImages, referenceState } from '../support/reference-numbers.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { stateOfModel } from '../support/states.ts';
import { relativeError } from '../support/tensors.ts';

interface Case extends Pick<Architecture, 'variant' | 'depth' | 'width' | 'stem' | 'channels'> {
  /** Numbers of bottlenecks in the stages, instead of those of the depth. */
  readonly blocks?: number[];
  readonly side: number;
  readonly batch: number;
  /** Keys of the state_dict, in PyTorch's order. */
  readonly names: string[];
}

interface Evaluated extends Case {
  readonly logits: number[];
}

interface Trained extends Case {
  readonly loss: number;
  readonly gradients: Record<string, { largest: number; norm: number; head: number[] }>;
  readonly statistics: Record<string, number[]>;
}

const file = new URL('./torchvision-reference.json', import.meta.url);
const references: { evaluated: Evaluated[]; trained: Trained[] } = JSON.parse(readFileSync(file, 'utf8'));

function networkOf({ blocks, ...architecture }: Case): Sequential {
  const size = { ...architecture, classes: 10 };
  return blocks ? residualNetwork({ ...size, block: 'bottleneck', stageBlocks: blocks }) : resNet(size);
}

function prepare(runtime: Runtime, reference: Case) {
  const { channels, side, batch, names } = reference;
  const network = networkOf(reference);
  const parameters = parametersOf(traceShapes(network, [channels, side, side]));
  const model = new Model(runtime, network, parameters, referenceState(parameters, names));
  const pixels = {
    dtype: 'float32',
    shape: [batch, side, side, channels],
    data: referenceImages(batch, channels, side),
  } as const;
  const labels = {
    dtype: 'int32',
    shape: [batch],
    data: Int32Array.from({ length: batch }, (_, i) => (3 * i) % 10),
  } as const;
  return { model, pixels, labels };
}

test.each([...references.evaluated, ...references.trained])(
  'the parameters of depth $depth, variant $variant have PyTorch’s names',
  (each) => {
    const parameters = parametersOf(traceShapes(networkOf(each), [each.channels, each.side, each.side]));
    expect(parameters.map(({ name }) => name).sort()).toEqual(each.names.toSorted());
  },
);

describeWithTensorFlow('in evaluation, op by op and as one graph,', () => {
  test.each(references.evaluated)(
    'depth $depth, variant $variant, stem $stem has PyTorch’s logits',
    async (reference) => {
      const runtime = await openRuntime({ backend: 'tensorflow' });
      const { tf } = runtime;
      const { model, pixels } = prepare(runtime, reference);
      tf.tidy(() => {
        const logits = model.logits(tf.tensor(pixels.data, [...pixels.shape]), false);
        expect(relativeError(logits.dataSync(), reference.logits)).toBeLessThan(1e-5);
      });
      model.dispose();

      const program = new GraphProgram(tf);
      const recorded = prepare({ ...runtime, ops: program.ops }, reference).model;
      program.add('logits', { pixels }, (inputs) => ({ logits: recorded.logits(inputs.pixels, false) }));
      const { logits } = await program.run('logits', { pixels }, ['logits']);
      expect(relativeError(logits.data as Float32Array, reference.logits)).toBeLessThan(1e-5);
      program.close();
    },
  );
});

describe.each(['tensorflow', 'wasm'] as const)('in training on %s', (backend) => {
  const suite = backend === 'wasm' ? describe : describeWithTensorFlow;
  suite.each(references.trained)('bottlenecks of variant $variant', (reference) => {
    let runtime: Runtime;
    beforeAll(async () => {
      runtime = await openRuntime({ backend });
    });

    test('have PyTorch’s loss, gradients and running statistics', () => {
      const { tf } = runtime;
      const { model, pixels, labels } = prepare(runtime, reference);
      tf.tidy(() => {
        const { sums, gradients } = gradientsOf(model, {
          pixels: tf.tensor(pixels.data, [...pixels.shape]),
          labels: tf.tensor1d(labels.data, 'int32'),
        });
        expect(relativeError([Number(sums.lossSum.dataSync()[0])], [reference.loss * reference.batch])).toBeLessThan(
          1e-5,
        );
        const values = new Map([...gradients].map(([name, gradient]) => [name, gradient.dataSync() as Float32Array]));
        expectGradients(model.parameters, values, reference);
      });
      const { values } = stateOfModel(model);
      for (const [name, expected] of Object.entries(reference.statistics)) {
        expect(relativeError(values.get(name)?.subarray(0, expected.length) ?? [], expected)).toBeLessThan(1e-5);
      }
      model.dispose();
    });
  });
});

describeWithTensorFlow('in training as one graph', () => {
  test.each(references.trained)('bottlenecks of variant $variant have PyTorch’s gradients', async (reference) => {
    const runtime = await openRuntime({ backend: 'tensorflow' });
    const program = new GraphProgram(runtime.tf);
    const { model, pixels, labels } = prepare({ ...runtime, ops: program.ops }, reference);
    program.add('gradients', { pixels, labels }, (inputs) => Object.fromEntries(gradientsOf(model, inputs).gradients));
    const names = model.parameters
      .map(({ name }) => name)
      .filter((name) => !hasNoGradient(name) && name in reference.gradients);
    const seen = await program.run('gradients', { pixels, labels }, names);
    const values = new Map(names.map((name) => [name, seen[name]?.data as Float32Array]));
    expectGradients(model.parameters, values, reference);
    program.close();
  });
});

/** Whether a parameter is a bias in front of a batch norm: its gradient is zero, in PyTorch apart from rounding. */
function hasNoGradient(name: string): boolean {
  return /(^|\.)conv\d?\.bias$/.test(name);
}

/** @param gradients gradients by parameter name in the backend's layouts, which have live taps only */
function expectGradients(
  parameters: readonly Parameter[],
  gradients: ReadonlyMap<string, Float32Array>,
  reference: Trained,
): void {
  const trained = parameters.filter(({ name, trainable }) => trainable && !hasNoGradient(name));
  expect([...gradients.keys()].sort()).toEqual(trained.map(({ name }) => name).sort());
  for (const { name, kind, shape, live } of trained) {
    const { largest, norm, head } = reference.gradients[name] ?? { largest: 0, norm: 0, head: [] };
    const [out = 1, input = 1, height = 1, width = 1] = shape;
    const gradient = gradients.get(name) ?? new Float32Array();
    const dead = new Float32Array(sizeOf(shape)); // dead taps have no gradient
    const ours = kind.endsWith('Weight') ? kernelOfTaps(gradient, dead, [out, input, height, width], live) : gradient;
    const ourNorm = Math.sqrt(ours.reduce((sum, value) => sum + value ** 2, 0));
    expect([name, Math.abs(ourNorm / norm - 1) < 1e-4]).toEqual([name, true]);
    const difference = Math.max(...head.map((value, index) => Math.abs((ours[index] ?? 0) - value)));
    expect([name, difference / largest < 1e-4]).toEqual([name, true]);
  }
}
