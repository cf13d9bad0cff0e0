/**
 * A run that thaws its frozen parts, stopped before, at and after the thaw, and resumed, is the run that was never
 * stopped: the same bits in the same files. `restarted-thaw.test.ts` is quick.
 */
import { describe } from '@jest/globals';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { FEW_STOPS, testStoppedRun } from './stopped-run.ts';

describeWithTensorFlow('a run with frozen parts whose steps are run as one graph', () => {
  testStoppedRun({ backend: 'tensorflow', opByOp: false, thaws: true }, FEW_STOPS);
});

describeWithTensorFlow('a run with frozen parts whose steps are run op by op', () => {
  testStoppedRun({ backend: 'tensorflow', opByOp: true, thaws: true }, FEW_STOPS);
});

describe('a run with frozen parts on the portable backend', () => {
  testStoppedRun({ backend: 'wasm', opByOp: true, thaws: true }, FEW_STOPS);
});
