/** The definition of the network: names, shapes and strides of every depth and variant. */
import { describe, expect, test } from '@jest/globals';
import { countTrainable, parametersOf } from '../../src/net/parameters.ts';
import { DEPTHS, residual, resNet, VARIANTS } from '../../src/net/resnet.ts';
import { leaves, traceShapes } from '../../src/net/trace.ts';

const mnist = [1, 28, 28] as const;
const resNet18 = resNet({ depth: 18, classes: 10 });
const network = (...layers: ReturnType<typeof residual>[]) => ({ kind: 'sequential', name: '', layers }) as const;

describe('ResNet-18', () => {
  const parameters = parametersOf(traceShapes(resNet18, mnist));

  test('has the original’s 11,178,378 parameters', () => {
    expect(countTrainable(parameters)).toBe(11_178_378);
  });

  test('has 18 layers with weights, the shortcuts not counted', () => {
    const main = parameters.filter(({ name, kind }) => kind.endsWith('Weight') && !name.includes('conv3'));
    expect(main).toHaveLength(18);
  });

  test('has the names and shapes of the original’s state_dict', () => {
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
    expect(parameters).toHaveLength(20 * 2 + 17 * 5 + 2); // convolutions, batch norms, the dense layer
    expect(Object.keys(shapes).filter((name) => name.includes('conv3'))).toEqual(
      [2, 3, 4].flatMap((stage) => ['weight', 'bias'].map((part) => `resnet_block${stage}.residual_0.conv3.${part}`)),
    );
  });

  test('strides only in the stem, and in the first convolution and shortcut of stages 2 to 4', () => {
    const strided = leaves(traceShapes(resNet18, mnist)).filter(({ layer }) => 'stride' in layer && layer.stride > 1);
    expect(strided.map(({ path }) => path)).toEqual([
      'conv',
      'maxpool',
      ...[2, 3, 4].flatMap((stage) => ['conv1', 'conv3'].map((conv) => `resnet_block${stage}.residual_0.${conv}`)),
    ]);
  });

  test.each([1, 2, 3, 5, 28, 33, 224])('takes square images of %i pixels a side', (side) => {
    expect(traceShapes(resNet18, [1, side, side]).at(-1)?.output).toEqual([10]);
  });

  test('takes any number of channels, and images that are not square', () => {
    const traced = traceShapes(resNet18, [5, 17, 90]);
    expect(traced[0]?.output).toEqual([64, 9, 45]);
    expect(parametersOf(traced)[0]?.shape).toEqual([64, 5, 7, 7]);
  });
});

describe('a network of depth', () => {
  test.each(VARIANTS.flatMap((variant) => DEPTHS.map((depth) => ({ depth, variant }))))(
    '$depth, variant $variant has as many layers with weights, the shortcuts not counted',
    (kind) => {
      const parameters = parametersOf(traceShapes(resNet({ ...kind, width: 4, classes: 10 }), mnist));
      const shortcut = kind.depth < 50 ? /conv3|downsample/ : /shortcut|downsample/;
      const main = parameters.filter(({ name, kind }) => kind.endsWith('Weight') && !shortcut.test(name));
      expect(main).toHaveLength(kind.depth);
    },
  );

  test.each([
    [18, 11_689_512],
    [34, 21_797_672],
    [50, 25_557_032],
    [101, 44_549_160],
    [152, 60_192_808],
  ] as const)('%i, variant torchvision has torchvision’s %i parameters for ImageNet', (depth, count) => {
    const network = resNet({ depth, variant: 'torchvision', classes: 1000 });
    expect(countTrainable(parametersOf(traceShapes(network, [3, 224, 224])))).toBe(count);
  });
});

describe('ResNet-50', () => {
  const namesOf = (variant: 'lesson' | 'torchvision', part: string) => {
    const parameters = parametersOf(traceShapes(resNet({ depth: 50, variant, classes: 10 }), mnist));
    return Object.fromEntries(
      parameters.filter(({ name }) => name.startsWith(part)).map(({ name, shape }) => [name.slice(part.length), shape]),
    );
  };
  const stridedIn = (variant: 'lesson' | 'torchvision') =>
    leaves(traceShapes(resNet({ depth: 50, variant, classes: 10 }), mnist))
      .filter(({ layer }) => 'stride' in layer && layer.stride > 1)
      .map(({ path }) => path);

  test('of the lesson’s variant has biases, and a 1×1 convolution alone on the shortcut', () => {
    const shapes = namesOf('lesson', 'resnet_block1.residual_0.');
    expect(shapes).toMatchObject({
      'conv1.weight': [64, 64, 1, 1],
      'conv2.weight': [64, 64, 3, 3],
      'conv3.weight': [256, 64, 1, 1],
      'conv3.bias': [256],
      'bn3.running_mean': [256],
      'shortcut.weight': [256, 64, 1, 1],
      'shortcut.bias': [256],
    });
    expect(Object.keys(shapes)).toHaveLength(4 * 2 + 3 * 5);
    expect(Object.keys(namesOf('lesson', 'resnet_block1.residual_1.'))).toHaveLength(3 * 2 + 3 * 5);
  });

  test('of torchvision’s variant has no biases, and a batch norm on the shortcut', () => {
    const shapes = namesOf('torchvision', 'layer2.0.');
    expect(shapes).toMatchObject({ 'downsample.0.weight': [512, 256, 1, 1], 'downsample.1.running_var': [512] });
    expect(Object.keys(shapes)).toHaveLength(4 * 6);
    expect(Object.keys(shapes).filter((name) => /(conv\d|downsample\.0)\.bias/.test(name))).toEqual([]);
  });

  test('strides in the first 1×1 convolution as in the paper, or in the 3×3 one as in torchvision', () => {
    const stages = [2, 3, 4];
    expect(stridedIn('lesson').slice(2)).toEqual(
      stages.flatMap((stage) => ['conv1', 'shortcut'].map((conv) => `resnet_block${stage}.residual_0.${conv}`)),
    );
    expect(stridedIn('torchvision').slice(2)).toEqual(
      stages.flatMap((stage) => ['conv2', 'downsample.0'].map((conv) => `layer${stage}.0.${conv}`)),
    );
  });

  test('with stem cifar keeps the sides of an image up to the second stage', () => {
    const traced = traceShapes(resNet({ depth: 50, stem: 'cifar', width: 8, classes: 10 }), [3, 32, 32]);
    expect(traced.map(({ output }) => output)).toEqual([
      ...[1, 2, 3].map(() => [8, 32, 32]), // convolution, batch norm, ReLU
      [32, 32, 32],
      [64, 16, 16],
      [128, 8, 8],
      [256, 4, 4],
      [256, 1, 1],
      [256],
      [10],
    ]);
    expect(parametersOf(traced)[0]?.shape).toEqual([8, 3, 3, 3]);
  });
});

describe('a residual block', () => {
  test('keeps the shape 3×6×6 without a shortcut convolution', () => {
    const [block] = traceShapes(network(residual('block', 3)), [3, 6, 6]);
    expect(block?.output).toEqual([3, 6, 6]);
    expect(parametersOf(block ? [block] : []).some(({ name }) => name.includes('conv3'))).toBe(false);
  });

  test('with stride 2 and a 1×1 shortcut makes 6×3×3 of 3×6×6', () => {
    const [block] = traceShapes(network(residual('block', 6, { stride: 2, project: true })), [3, 6, 6]);
    expect(block?.output).toEqual([6, 3, 3]);
  });

  test('that changes the shape without a shortcut is refused, naming the block and the shapes', () => {
    expect(() => traceShapes(network(residual('block', 6, { stride: 2 })), [3, 6, 6])).toThrow(
      'layer block needs a shortcut of shape [6, 3, 3], got shape [3, 6, 6]',
    );
  });
});

describe('traceShapes', () => {
  test.each([[[1, 28]], [[0, 28, 28]], [[1, 2.5, 28]], [[1, 28, 28, 1]]])('refuses the input %j', (input) => {
    expect(() => traceShapes(resNet18, input)).toThrow(/input shape must be three whole numbers.*got \[/);
  });

  test('names the layer that refuses a shape, and the shape', () => {
    const dense = { kind: 'dense', name: 'FC', outFeatures: 3 } as const;
    const early = { kind: 'sequential', name: '', layers: [dense] } as const;
    expect(() => traceShapes(early, mnist)).toThrow('layer FC needs one dimension of features, got shape [1, 28, 28]');
    const window = { kernel: 5, stride: 1, padding: 0 };
    const form = { outChannels: 1, bias: true, initialisation: 'uniform' } as const;
    const narrow = { kind: 'convolution', name: 'conv', ...window, ...form } as const;
    expect(() => traceShapes({ kind: 'sequential', name: '', layers: [narrow] }, [1, 4, 9])).toThrow(
      'layer conv needs a map of at least 5 pixels a side, got shape [1, 4, 9]',
    );
  });
});
