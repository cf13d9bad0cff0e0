/** The cost table: parameters, mult-adds and memory. */
import { describe, expect, test } from '@jest/globals';
import { type CostedLayer, costsOf, sumCosts, trainingBytes } from '../../src/net/cost.ts';
import type { Layer } from '../../src/net/layers.ts';
import { BODY_PARTS, type BodyPart } from '../../src/net/parts.ts';
import { residualNetwork, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';

function costed(
  input: readonly number[],
  { batch = 1, classes = 10, frozen }: { batch?: number; classes?: number; frozen?: readonly BodyPart[] } = {},
): readonly CostedLayer[] {
  return costsOf(traceShapes(resNet({ depth: 18, classes }), input), batch, frozen);
}

function total(layers: readonly CostedLayer[]) {
  return sumCosts(layers.map(({ cost }) => cost));
}

/**
 * Number of values that each of these layers keeps, on a map of [channels, height, width] that a trained layer before
 * them made.
 */
function kept(layers: readonly Layer[], input: readonly number[], batch = 1): number[] {
  const traced = traceShapes({ kind: 'sequential', name: '', layers: [layerOf('batchNorm'), ...layers] }, input);
  return costsOf(traced, batch)
    .slice(1)
    .map(({ cost }) => cost.activationBytes / 4);
}

/** A layer of this kind, from a network of one stage and one block. */
function layerOf(kind: Layer['kind']): Layer {
  const { layers } = residualNetwork({ stageBlocks: [1], width: 4, classes: 3 });
  const found = layers.find((layer) => layer.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

describe('costsOf counts ResNet-18 as torchinfo 1.8.0 does (bench/peers/torchinfo_costs.py)', () => {
  test.each([
    [1, [1, 28, 28], 10, 11_178_378, 33_061_770],
    [7, [1, 28, 28], 10, 11_178_378, 231_432_390],
    [1, [1, 224, 224], 10, 11_178_378, 1_737_382_026],
    [1, [3, 64, 64], 1000, 11_692_520, 148_769_384],
    [3, [2, 33, 50], 5, 11_178_949, 291_311_439],
  ])(
    'a batch of %i images of %j, %i classes: %i parameters, %i mult-adds',
    (batch, input, classes, parameters, multAdds) => {
      expect(total(costed(input, { batch, classes }))).toMatchObject({ parameters, multAdds });
    },
  );
});

/** Networks of `torchvision.models` 0.28.0 with 3 channels and 1000 classes. */
test.each([
  [18, 64, 11_689_512, 148_568_424],
  [18, 224, 11_689_512, 1_814_083_944],
  [34, 224, 21_797_672, 3_663_779_432],
  [50, 224, 25_557_032, 4_089_238_376],
  [101, 224, 44_549_160, 7_801_511_784],
  [152, 224, 60_192_808, 11_513_779_048],
] as const)(
  'costsOf counts torchvision’s ResNet-%i at %i pixels as torchinfo does',
  (depth, side, parameters, multAdds) => {
    const network = resNet({ depth, variant: 'torchvision', classes: 1000 });
    const costs = costsOf(traceShapes(network, [3, side, side]), 1);
    expect(total(costs)).toMatchObject({ parameters, liveParameters: parameters, multAdds });
  },
);

describe('live parameters', () => {
  test('of ResNet-18 at 28 pixels exclude dead taps and biases in front of a batch norm: 4.23 M', () => {
    const deadTaps = 8 * 512 * 512 * 3 + 5 * 256 * 512; // of three 3×3 kernels on one pixel, of one on four pixels
    const deadBiases = 64 * 5 + 128 * 4 + 256 * 4 + 512 * 4;
    expect(total(costed([1, 28, 28])).liveParameters).toBe(11_178_378 - deadTaps - deadBiases);
  });

  test('of ResNet-18 at 64 pixels exclude only biases in front of a batch norm', () => {
    const { parameters, liveParameters } = total(costed([1, 64, 64]));
    expect(parameters - liveParameters).toBe(3904);
  });
});

describe('the memory of a training step', () => {
  test('has weights, statistics, gradients and two moments of each weight, in float32', () => {
    const { parameters, liveParameters, weightBytes, gradientBytes, adamBytes } = total(costed([1, 64, 64]));
    const statistics = 2 * (64 * 5 + 128 * 4 + 256 * 4 + 512 * 4);
    expect(weightBytes).toBe(4 * (parameters + statistics));
    expect(gradientBytes).toBe(4 * liveParameters);
    expect(adamBytes).toBe(8 * parameters);
  });

  test('has live taps only', () => {
    const [small, large] = [total(costed([1, 28, 28])), total(costed([1, 64, 64]))];
    expect(large.weightBytes - small.weightBytes).toBe(4 * (large.liveParameters - small.liveParameters));
    expect(large.adamBytes - small.adamBytes).toBe(8 * (large.liveParameters - small.liveParameters));
  });

  test('grows by the same number of bytes with every image of the batch', () => {
    const [one, two, nine] = [1, 2, 9].map((batch) => total(costed([1, 28, 28], { batch })));
    const image = two!.activationBytes - one!.activationBytes;
    expect(nine!.activationBytes - one!.activationBytes).toBe(8 * image);
    expect(trainingBytes(nine!) - trainingBytes(one!)).toBe(8 * image);
  });
});

describe('the kept activations', () => {
  const [batchNorm, relu, dense] = [layerOf('batchNorm'), layerOf('relu'), layerOf('dense')];
  const convolution = { ...layerOf('convolution'), kernel: 3, stride: 1, padding: 1 } as Layer;
  const strided = { ...convolution, stride: 2 } as Layer;

  test('of a batch norm are its input and two statistics for each channel, of a ReLU its output', () => {
    expect(kept([batchNorm, relu], [4, 5, 6], 7)).toEqual([7 * 120 + 8, 7 * 120]);
  });

  test('do not count the output of a ReLU again as the input of the next layer', () => {
    expect(kept([relu, convolution, relu, batchNorm], [4, 9, 10])).toEqual([360, 0, 360, 8]);
    expect(kept([convolution], [4, 9, 10])).toEqual([360]);
  });

  test('include a copy of the map where padding is written out', () => {
    expect(kept([relu, strided], [4, 12, 12])).toEqual([576, 4 * 13 * 13]); // SAME would pad after the pixels only
    expect(kept([relu, strided], [4, 11, 11])).toEqual([484, 0]);
    expect(kept([relu, layerOf('maxPool')], [4, 6, 6])).toEqual([144, 4 * 7 * 7 + 4 * 3 * 3]);
  });

  test('of a convolution on a small map are its map and filter as nine matrices each', () => {
    expect(kept([relu, convolution], [4, 2, 2], 3)).toEqual([48, 3 * 9 * 4 + 9 * 4 * 4]);
  });

  test('of a dense layer are its input', () => {
    const pool = layerOf('globalAveragePool');
    expect(kept([relu, pool, layerOf('flatten'), dense], [4, 5, 5])).toEqual([100, 0, 0, 4]);
  });
});

describe('the cost with frozen parts', () => {
  const whole = total(costed([1, 28, 28], { batch: 64 }));
  const frozenCosts = (frozen: readonly BodyPart[]) => total(costed([1, 28, 28], { batch: 64, frozen }));

  test('of a frozen body has gradients and moments of the head alone, and keeps its input alone', () => {
    const inHead = 512 * 10 + 10;
    expect(frozenCosts(BODY_PARTS)).toEqual({
      ...whole,
      trainedParameters: inHead,
      gradientBytes: 4 * inHead,
      adamBytes: 8 * inHead,
      activationBytes: 4 * 64 * 512,
    });
  });

  test('keeps nothing before the first trained layer, and there its input once, though two layers read it', () => {
    const bottlenecks = resNet({ depth: 50, width: 4, variant: 'torchvision', stem: 'cifar', classes: 10 });
    const [convolution, , , stage1] = costsOf(traceShapes(bottlenecks, [1, 28, 28]), 1, ['stem']);
    expect(convolution?.cost).toMatchObject({ trainedParameters: 0, gradientBytes: 0, activationBytes: 0 });
    const [conv1, ...others] = stage1?.children[0]?.children ?? [];
    expect(conv1?.cost.activationBytes).toBe(4 * 4 * 28 * 28);
    const [shortcut, norm] = others.at(-1)?.children ?? [];
    expect([shortcut, norm].map((each) => each?.cost.activationBytes)).toEqual([0, 4 * (16 * 28 * 28 + 2 * 16)]);
  });

  test('of a frozen part between trained ones is less than that of a trained one, and more than nothing', () => {
    const [stage3, upTo3] = [frozenCosts(['stage3']), frozenCosts(['stem', 'stage1', 'stage2', 'stage3'])];
    expect(stage3.activationBytes).toBeLessThan(whole.activationBytes);
    expect(stage3.activationBytes).toBeGreaterThan(upTo3.activationBytes);
    expect(stage3.trainedParameters).toBe(whole.parameters - 2_100_480);
  });
});

test.each([[[1, 28, 28]], [[3, 224, 224]], [[2, 33, 50]], [[1, 1, 1]]])(
  'the cost of a layer for images of %j is the sum of the layers inside, and of the last ReLU of a block',
  (input) => {
    const check = ({ traced, cost, children }: CostedLayer): void => {
      children.forEach(check);
      if (children.length === 0) return;
      const inside = total(children);
      const lastRelu = traced.layer.kind === 'residual' ? 4 * traced.output.reduce((size, side) => size * side, 1) : 0;
      expect(cost).toEqual({ ...inside, activationBytes: inside.activationBytes + lastRelu });
    };
    costed(input).forEach(check);
  },
);
