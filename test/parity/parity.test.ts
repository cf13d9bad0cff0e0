/** The network computes what PyTorch computes. The widest network as one graph is in `parity.slow.test.ts`. */
import { beforeAll, describe } from '@jest/globals';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { compareWithPytorch, subjects } from './compare.ts';
import { asOneGraph, opByOp } from './ways.ts';

const narrow = subjects.filter(({ width }) => width < 64);

describeWithTensorFlow('on TensorFlow', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });
  describe.each(subjects)('$name op by op', (subject) => compareWithPytorch(subject, () => runtime, opByOp));
  describe.each(narrow)('$name as one graph', (subject) => compareWithPytorch(subject, () => runtime, asOneGraph));
});

describe('on WebAssembly', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'wasm' });
  });
  describe.each(narrow)('$name', (subject) => compareWithPytorch(subject, () => runtime, opByOp));
});
