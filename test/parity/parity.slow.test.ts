/** The network in its usual width, run as one graph, computes what PyTorch computes. */
import { beforeAll, describe } from '@jest/globals';
import { openRuntime, type Runtime } from '../../src/runtime/open.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { compareWithPytorch, subjects } from './compare.ts';
import { asOneGraph } from './ways.ts';

const wide = subjects.filter(({ width }) => width === 64);

describeWithTensorFlow('on TensorFlow', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ backend: 'tensorflow' });
  });
  describe.each(wide)('$name as one graph', (subject) => compareWithPytorch(subject, () => runtime, asOneGraph));
});
