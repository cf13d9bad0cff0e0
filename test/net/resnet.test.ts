import { describe, expect, test } from '@jest/globals';
import { countTrainable, initialValues, parametersOf, sizeOf } from '../../src/net/parameters.ts';
import { residual, residualNetwork, resNet } from '../../src/net/resnet.ts';
import { leaves, traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';

const mnist = [1, 28, 28] as const;
const resNet18 = resNet({ depth: 18, classes: 10 });
const network = (...layers: ReturnType<typeof residual>[]) => ({ kind: 'sequential', name: '', layers }) as const;

describe('ResNet-18', () => {
  const parameters = parametersOf(traceShapes(resNet18, mnist));

  test('has 11,178,378 parameters, as the original has', () => {
    expect(countTrainable(parameters)).toBe(11_178_378);
  });

  test('has 18 layers with weights, the shortcuts not counted', () => {
    const main = parameters.filter(({ name, kind }) => kind.endsWith('Weight') && !name.includes('conv3'));
    expect(main).toHaveLength(18);
  });

  test('names and shapes parameters as the original’s state_dict', () => {
    const shapes = Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
    expect(shapes).toMatchObject({
      'conv.weight': [64, 1, 7, 7],
      'conv.bias': [64],
      'batchnorm.running_var': [64],
      'batchnorm.num_batches_tracked': [],
      'resnet_block1.residual_0.conv1.weight': [64, 64, 3, 3],
      'resnet_block2.residual_0.conv1.weight': [128, 64, 3, 3],
      'resnet_block2.residual_0.conv3.weight': [128, 64, 1, 1],
      'resnet_block4.residual_1.bn2.bias': [512],
      'FC.weight': [10, 512],
    });
    expect(parameters).toHaveLength(20 * 2 + 17 * 5 + 2); // convolutions, batch norms, the dense layer;
    expect(Object.keys(shapes).filter((name) => name.includes('conv3'))).toEqual(
      [2, 3, 4].flatMap((stage) => ['weight', 'bias'].map((part) => `resnet_block${stage}.residual_0.conv3.${part}`)),
    );
  });

  test('strides only in the first convolution of stages 2 to 4, and in the stem', () => {
    const strided = leaves(traceShapes(resNet18, mnist)).filter(({ layer }) => 'stride' in layer && layer.stride > 1);
    expect(strided.map(({ path }) => path)).toEqual([
      'conv',
      'maxpool',
      ...[2, 3, 4].flatMap((stage) => ['conv1', 'conv3'].map((conv) => `resnet_block${stage}.residual_0.${conv}`)),
    ]);
  });

  test.each([1, 2, 3, 5, 28, 33, 224])('takes images of %i pixels a side', (side) => {
    expect(traceShapes(resNet18, [1, side, side]).at(-1)?.output).toEqual([10]);
  });

  test('takes any number of channels, and images that are not square', () => {
    const traced = traceShapes(resNet18, [5, 17, 90]);
    expect(traced[0]?.output).toEqual([64, 9, 45]);
    expect(parametersOf(traced)[0]?.shape).toEqual([64, 5, 7, 7]);
  });
});

describe('a residual block', () => {
  test('keeps 4×3×6×6 as it is', () => {
    const [block] = traceShapes(network(residual('block', 3)), [3, 6, 6]);
    expect(block?.output).toEqual([3, 6, 6]);
    expect(parametersOf(block ? [block] : []).some(({ name }) => name.includes('conv3'))).toBe(false);
  });

  test('halves it to 4×6×3×3 with the 1×1 shortcut', () => {
    const [block] = traceShapes(network(residual('block', 6, { stride: 2, project: true })), [3, 6, 6]);
    expect(block?.output).toEqual([6, 3, 3]);
  });

  test('that changes the shape without a shortcut names itself and the shapes', () => {
    expect(() => traceShapes(network(residual('block', 6, { stride: 2 })), [3, 6, 6])).toThrow(
      'layer block needs a shortcut of shape [6, 3, 3], got shape [3, 6, 6]',
    );
  });
});

describe('an error of shape', () => {
  test.each([[[1, 28]], [[0, 28, 28]], [[1, 2.5, 28]], [[1, 28, 28, 1]]])('refuses the input %j', (input) => {
    expect(() => traceShapes(resNet18, input)).toThrow(/input shape must be three whole numbers.*got \[/);
  });

  test('names the layer and the shape that it was given', () => {
    const dense = { kind: 'dense', name: 'FC', outFeatures: 3 } as const;
    const early = { kind: 'sequential', name: '', layers: [dense] } as const;
    expect(() => traceShapes(early, mnist)).toThrow('layer FC needs one dimension of features, got shape [1, 28, 28]');
    const narrow = { kind: 'convolution', name: 'conv', outChannels: 1, kernel: 5, stride: 1, padding: 0 } as const;
    expect(() => traceShapes({ kind: 'sequential', name: '', layers: [narrow] }, [1, 4, 9])).toThrow(
      'layer conv needs a map of at least 5 pixels a side, got shape [1, 4, 9]',
    );
  });
});

describe('initialisation', () => {
  const parameters = parametersOf(traceShapes(residualNetwork({ stageBlocks: [1, 1], width: 16, classes: 10 }), mnist));
  const valuesOf = (seed: number) => initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation'));

  test('is the same for the same seed and another for another', () => {
    expect(valuesOf(7)).toEqual(valuesOf(7));
    expect(valuesOf(7)).not.toEqual(valuesOf(8));
  });

  test('is uniform within ±1/√fan-in for weights and their biases, as PyTorch’s default', () => {
    const values = valuesOf(0);
    for (const { name, kind, fanIn, shape } of parameters) {
      const value = values.get(name) ?? new Float32Array();
      if (!kind.endsWith('Weight') || sizeOf(shape) < 500) continue;
      const bound = 1 / Math.sqrt(fanIn);
      const variance = value.reduce((sum, x) => sum + x * x, 0) / value.length;
      expect(Math.max(...value.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
      expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 0);
    }
    expect(values.get('resnet_block2.residual_0.conv1.bias')?.some((bias) => bias !== 0)).toBe(true);
  });

  test('starts batch norm at the identity', () => {
    const values = valuesOf(0);
    expect(new Set(values.get('batchnorm.weight'))).toEqual(new Set([1]));
    expect(new Set(values.get('batchnorm.bias'))).toEqual(new Set([0]));
    expect(new Set(values.get('batchnorm.running_mean'))).toEqual(new Set([0]));
    expect(new Set(values.get('batchnorm.running_var'))).toEqual(new Set([1]));
  });
});
