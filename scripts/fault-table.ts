/** `npm run faults`: runs the fault suite and prints its table. Arguments after `--` select test files. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { countsOf, faultTable, ROWS_VARIABLE, readRows } from './fault-rows.ts';

/** Width of the table, in characters, if standard output is not a terminal. */
const DEFAULT_WIDTH_CHARACTERS = 120;

/**
 * Runs Jest. Its report goes to standard error, so that standard output contains only the table.
 *
 * @returns Jest's exit code
 */
function runJest(words: readonly string[], rowsFile: string): Promise<number> {
  const jest = join(dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const env = { ...process.env, [ROWS_VARIABLE]: rowsFile };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, jest, ...words], { env, stdio: ['ignore', 2, 2] });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

// Ctrl-C reaches Jest too, which ends; the rows of the finished tests are still printed.
process.on('SIGINT', () => {});

const words = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'resnet-faults-'));
try {
  const rowsFile = join(folder, 'rows');
  writeFileSync(rowsFile, '');
  const code = await runJest(words.length > 0 ? words : ['test/faults'], rowsFile);
  const rows = readRows(rowsFile);
  process.stdout.write(faultTable(rows, process.stdout.columns || DEFAULT_WIDTH_CHARACTERS));
  process.stdout.write(countsOf(rows));
  process.exitCode = code || (rows.every(({ passed }) => passed) ? 0 : 1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
