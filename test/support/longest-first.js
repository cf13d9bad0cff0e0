/**
 * The order of the test files: the longest first, so that at the end no worker is left alone with one. Jest would go by
 * the size of a file where it has not run it before, as on a fresh machine, and some of the longest tests are short texts.
 */
import { statSync } from 'node:fs';

/** Files that take 15 s or more of processor time, the longest first. */
export const LONGEST = [
  'faults/cluster-lost.slow.test.ts',
  'e2e/bench.slow.test.ts',
  'e2e/workers.slow.test.ts',
  'e2e/prediction.slow.test.ts',
  'memory/measured-peaks.slow.test.ts',
  'parity/parity.slow.test.ts',
  'package/installed.slow.test.ts',
  'faults/save-phases.slow.test.ts',
  'e2e/training.slow.test.ts',
  'faults/earlier-run.slow.test.ts',
  'e2e/own-data.slow.test.ts',
  'e2e/own-pictures.slow.test.ts',
  'e2e/predict-many.slow.test.ts',
  'faults/cluster-start.slow.test.ts',
  'faults/signals.slow.test.ts',
  'faults/save-errors.slow.test.ts',
  'checkpoint/pytorch/mutations.slow.test.ts',
  'parity/parity.test.ts',
  'engine/torchvision-reference.slow.test.ts',
  'run/resumed-run.slow.test.ts',
  'run/resumed-thaw.slow.test.ts',
  'faults/kill.slow.test.ts',
  'faults/lock.slow.test.ts',
  'engine/kept-activations.slow.test.ts',
  'engine/frozen-parts.slow.test.ts',
  'export/saved-model/runs.slow.test.ts',
  'e2e/fine-tuning.slow.test.ts',
  'e2e/normalisation.slow.test.ts',
  'e2e/suspects.slow.test.ts',
  'engine/architectures.slow.test.ts',
  'api/left-behind.slow.test.ts',
  'examples/examples.slow.test.ts',
  'api/open-checkpoint.slow.test.ts',
  'e2e/training.test.ts',
];

/** @typedef {{ readonly path: string }} TestFile */

/** Jest's sequencer: its scheduler gives the next file to the worker that is free. */
export default class LongestFirst {
  /**
   * @template {TestFile} File
   * @param {readonly File[]} files
   * @returns {File[]}
   */
  sort(files) {
    const keys = new Map(files.map(({ path }) => [path, { place: placeOf(path), bytes: statSync(path).size }]));
    const keyOf = (/** @type {TestFile} */ { path }) => keys.get(path) ?? { place: LONGEST.length, bytes: 0 };
    return files.toSorted((a, b) => keyOf(a).place - keyOf(b).place || keyOf(b).bytes - keyOf(a).bytes);
  }

  /** Jest tells the results here, for an order by the last run; this order needs none. */
  cacheResults() {}
}

/** @param {string} path */
function placeOf(path) {
  const place = LONGEST.findIndex((each) => path.endsWith(`/test/${each}`));
  return place < 0 ? LONGEST.length : place;
}
