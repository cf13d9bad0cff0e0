/** The order of tensors in an exported state dict. */
import { expect, test } from '@jest/globals';
import { inStateDictOrder } from '../../../src/export/weights/state-dict-order.ts';
import { parametersOf } from '../../../src/net/parameters.ts';
import { type Architecture, LESSON, resNet } from '../../../src/net/resnet.ts';
import { traceShapes } from '../../../src/net/trace.ts';

/** Names of the layers with tensors, in the order of a state dict. */
function layersOf(architecture: Architecture): string[] {
  const parameters = parametersOf(traceShapes(resNet(architecture), [1, 28, 28]));
  const names = new Map(parameters.map(({ name }) => [name, 0]));
  const ordered = [...inStateDictOrder(names, architecture.variant).keys()];
  expect(ordered.toSorted()).toEqual([...names.keys()].toSorted());
  return [...new Set(ordered.map((name) => name.slice(0, name.lastIndexOf('.'))))];
}

const small = { ...LESSON, width: 2, channels: 1, classes: 3 };

test("the lesson's blocks list their convolutions before their batch norms, as its code registers them", () => {
  const layers = layersOf(small);
  expect(layers.slice(0, 4)).toEqual(['conv', 'batchnorm', ...inside('resnet_block1.residual_0', ['conv1', 'conv2'])]);
  expect(layers.filter((name) => name.startsWith('resnet_block2.residual_0.'))).toEqual(
    inside('resnet_block2.residual_0', ['conv1', 'conv2', 'conv3', 'bn1', 'bn2']),
  );
  expect(layers.at(-1)).toBe('FC');
});

test("torchvision's list their layers in the order in which they are passed", () => {
  const layers = layersOf({ ...small, variant: 'torchvision' });
  expect(layers.filter((name) => name.startsWith('layer2.0.'))).toEqual(
    inside('layer2.0', ['conv1', 'bn1', 'conv2', 'bn2', 'downsample.0', 'downsample.1']),
  );
});

function inside(block: string, layers: readonly string[]): string[] {
  return layers.map((layer) => `${block}.${layer}`);
}
