/** Tests of packages/binding-path, which tells @tensorflow/tfjs-node-gpu where its compiled binding is. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';

const nodeGpu = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json');
const fromNodeGpu = createRequire(nodeGpu);
const bindingPath = fromNodeGpu('@mapbox/node-pre-gyp') as { path?: string; find(packageFile: string): string };

afterEach(() => {
  bindingPath.path = undefined;
});

test('TensorFlow.js’ package asks this project’s own package for its binding', () => {
  const own = fileURLToPath(new URL('../../packages/binding-path/index.js', import.meta.url));
  expect(fromNodeGpu.resolve('@mapbox/node-pre-gyp')).toBe(own);
});

test('it finds the binding at the path that was set', () => {
  bindingPath.path = '/cache/tfjs_binding.node';
  expect(bindingPath.find(nodeGpu)).toBe('/cache/tfjs_binding.node');
});

test('it finds the binding inside the package if no path was set', () => {
  expect(bindingPath.find(nodeGpu)).toBe(join(dirname(nodeGpu), 'lib', 'napi-v8', 'tfjs_binding.node'));
});
