/**
 * A run that thaws its frozen parts, with two graphs of a step, stopped and resumed, is the run that was never stopped:
 * the same bits in the same files.
 */
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { ALL_STOPS, testStoppedRun } from './stopped-run.ts';

describeWithTensorFlow('a run with frozen parts whose steps are run as one graph', () => {
  testStoppedRun({ backend: 'tensorflow', opByOp: false, thaws: true }, ALL_STOPS);
});
