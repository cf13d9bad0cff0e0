/** Initial values of parameters. */
import { describe, expect, test } from '@jest/globals';
import { initialValues, parametersOf, sizeOf } from '../../src/net/parameters.ts';
import { residualNetwork, resNet } from '../../src/net/resnet.ts';
import { traceShapes } from '../../src/net/trace.ts';
import { RandomGenerator } from '../../src/random.ts';

const mnist = [1, 28, 28] as const;

describe('initialisation', () => {
  const parameters = parametersOf(traceShapes(residualNetwork({ stageBlocks: [1, 1], width: 16, classes: 10 }), mnist));
  const valuesOf = (seed: number) => initialValues(parameters, RandomGenerator.seeded(seed, 'initialisation'));

  test('gives the same values for the same seed, and others for another seed', () => {
    expect(valuesOf(7)).toEqual(valuesOf(7));
    expect(valuesOf(7)).not.toEqual(valuesOf(8));
  });

  test('of the lesson’s weights and biases is uniform within ±1/√fan-in, PyTorch’s default', () => {
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

  test('of torchvision’s convolutions is normal with variance 2/fan-out, of its dense layer uniform', () => {
    const network = resNet({ depth: 50, variant: 'torchvision', width: 16, classes: 100 });
    const parameters = parametersOf(traceShapes(network, mnist));
    const values = initialValues(parameters, RandomGenerator.seeded(1, 'initialisation'));
    const variance = (name: string) => {
      const value = values.get(name) ?? new Float32Array();
      return value.reduce((sum, x) => sum + x * x, 0) / value.length;
    };
    // each has some ten thousand values: within 5 %
    expect(variance('layer4.0.conv1.weight') / (2 / 128)).toBeCloseTo(1, 1);
    expect(variance('layer4.0.conv2.weight') / (2 / (128 * 9))).toBeCloseTo(1, 1);
    expect(variance('layer4.0.downsample.0.weight') / (2 / 512)).toBeCloseTo(1, 1);
    expect(variance('fc.weight') / (1 / 512 / 3)).toBeCloseTo(1, 1);
    expect(Math.max(...(values.get('fc.bias') ?? []))).toBeLessThanOrEqual(1 / Math.sqrt(512));
    expect(new Set(values.get('layer4.0.downsample.1.weight'))).toEqual(new Set([1]));
  });

  test('of a batch norm is the identity', () => {
    const values = valuesOf(0);
    expect(new Set(values.get('batchnorm.weight'))).toEqual(new Set([1]));
    expect(new Set(values.get('batchnorm.bias'))).toEqual(new Set([0]));
    expect(new Set(values.get('batchnorm.running_mean'))).toEqual(new Set([0]));
    expect(new Set(values.get('batchnorm.running_var'))).toEqual(new Set([1]));
  });
});
