/**
 * The last line of `.ci/run`: the sum of its parts' counts. The exit code is 1 if anything failed.
 *
 * Usage: node counts.js CODE:FILE ...
 *
 * Each part is its exit code and the file with its counts: a report of Jest in JSON, or an output whose last line is
 * "N passed, N failed". A part that failed without a failure in its counts is one failure, as is one whose counts are
 * missing. A part without a file counts nothing if it succeeds.
 */
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {string} file
 * @returns {Counts | undefined} undefined if the file has none
 */
function readCounts(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (text.startsWith('{')) {
    const report = parseReport(text);
    return (
      report && {
        passed: report.numPassedTests,
        failed: report.numFailedTests + report.numRuntimeErrorTestSuites, // a file that does not load has no test
        skipped: report.numPendingTests + report.numTodoTests,
      }
    );
  }
  const [, passed, failed] = /(?:^|\n)(\d+) passed, (\d+) failed$/.exec(text) ?? [];
  return passed === undefined ? undefined : { passed: Number(passed), failed: Number(failed), skipped: 0 };
}

/**
 * @param {string} text a report of Jest
 * @returns {Record<string, number> | undefined} undefined if it was cut off
 */
function parseReport(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NOTHING = { passed: 0, failed: 0, skipped: 0 };
const total = { ...NOTHING };
for (const part of process.argv.slice(2)) {
  const [, code, file = ''] = /^(\d+):(.*)$/.exec(part) ?? [];
  const counts = file === '' ? NOTHING : readCounts(file);
  const succeeded = code === '0' && counts !== undefined;
  const { passed, failed, skipped } = counts ?? NOTHING;
  total.passed += passed;
  total.failed += succeeded ? failed : Math.max(failed, 1);
  total.skipped += skipped;
}
const skipped = total.skipped === 0 ? '' : `, ${total.skipped} skipped`;
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
