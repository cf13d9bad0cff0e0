/**
 * `npm run test:slowest`: runs all tests but the hour-long ones, and lists the 20 that took longest. Words after `--`
 * go to Jest, for example paths of tests to run in place of all.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withTemporaryFolder } from '../src/setup/cache.ts';
import { runJest } from './run-jest.ts';
import { type JestReport, slowestTests } from './test-durations.ts';

/** Number of tests in the list. */
const SHOWN_TESTS = 20;

await withTemporaryFolder(async (folder) => {
  const file = join(folder, 'report.json');
  process.exitCode = await runJest([...process.argv.slice(2), '--json', `--outputFile=${file}`]);
  if (!existsSync(file)) return; // Jest has said why
  const report: JestReport = JSON.parse(readFileSync(file, 'utf8'));
  for (const { seconds, path, name } of slowestTests(report, SHOWN_TESTS)) {
    process.stdout.write(`${seconds.toFixed(1).padStart(6)} s  ${relative('.', path)}  ${name}\n`);
  }
});
