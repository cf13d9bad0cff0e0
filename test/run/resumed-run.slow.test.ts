/**
 * A run whose steps are one graph, stopped and resumed, is the run that was never stopped: the same bits in the same
 * files.
 */
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { FEW_STOPS, testStoppedRun } from './stopped-run.ts';

describeWithTensorFlow('a run whose steps are run as one graph', () => {
  testStoppedRun({ backend: 'tensorflow', opByOp: false, photos: true }, FEW_STOPS);
});
