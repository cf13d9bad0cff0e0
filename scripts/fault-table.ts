/** `npm run faults`: runs the fault suite and prints its table. Arguments after `--` select test files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryFolder } from '../src/setup/cache.ts';
import { countsOf, faultTable, ROWS_VARIABLE, readRows } from './fault-rows.ts';
import { runJest } from './run-jest.ts';

/** Width of the table, in characters, if standard output is not a terminal. */
const DEFAULT_WIDTH_CHARACTERS = 120;

const words = process.argv.slice(2);
await withTemporaryFolder(async (folder) => {
  const rowsFile = join(folder, 'rows');
  writeFileSync(rowsFile, '');
  const code = await runJest(words.length > 0 ? words : ['test/faults'], { [ROWS_VARIABLE]: rowsFile });
  const rows = readRows(rowsFile);
  process.stdout.write(faultTable(rows, process.stdout.columns || DEFAULT_WIDTH_CHARACTERS));
  process.stdout.write(countsOf(rows));
  process.exitCode = code || (rows.every(({ passed }) => passed) ? 0 : 1);
});
