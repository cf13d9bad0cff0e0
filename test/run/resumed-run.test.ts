/**
 * A run that was stopped anywhere and resumed is the run that was never stopped; as one graph:
 * `resumed-run.slow.test.ts`.
 */
import { describe } from '@jest/globals';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { ALL_STOPS, FEW_STOPS, testStoppedRun } from './stopped-run.ts';

describeWithTensorFlow('a run whose steps are run op by op', () => {
  testStoppedRun({ backend: 'tensorflow', opByOp: true }, ALL_STOPS);
});

describe('a run on the portable backend', () => {
  testStoppedRun({ backend: 'wasm', opByOp: true, photos: true }, FEW_STOPS);
});
