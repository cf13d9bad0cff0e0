/** Tests that are rows of the fault suite's table as well (`npm run faults`). */
import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, test } from '@jest/globals';
import { type FaultRow, ROWS_VARIABLE } from '../../scripts/fault-rows.ts';

/** Notes the result of a fault for the table; the last note counts. */
export type See = (seen: string) => void;

/** Options of a fault's test. */
export interface FaultOptions {
  /** Why this machine cannot make the fault happen; undefined if it can. */
  readonly skip?: string | undefined;
  readonly timeoutSeconds?: number;
}

const rows: FaultRow[] = [];

// Rows are written after all tests: then a test that never ended, or whose preparation failed, has a row too.
afterAll(() => write(rows));

/** Appends rows to the suite's file in one write, because other processes append theirs. */
function write(finished: readonly FaultRow[]): void {
  const file = process.env[ROWS_VARIABLE];
  if (file !== undefined) appendFileSync(file, finished.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/**
 * Declares a test for one fault.
 *
 * @param fault what is done to the tool; the test's name
 * @param expected the expected result, in words
 * @param check makes the fault happen, notes the result, and throws if it is not the expected one
 */
export function testFault(
  fault: string,
  expected: string,
  check: (see: See) => Promise<void> | void,
  { skip, timeoutSeconds = 60 }: FaultOptions = {},
): void {
  if (skip !== undefined) {
    // The row is written at once: if all tests of a file are skipped, Jest does not run `afterAll`.
    write([{ fault, expected, seen: `skipped: ${skip}`, passed: true, skipped: true }]);
    process.stderr.write(`skipped: ${fault}: ${skip}\n`);
    test.skip(fault, () => {});
    return;
  }
  const index = rows.length;
  rows.push({ fault, expected, seen: 'it did not come to an end', passed: false });
  const name = `${fault}: ${expected}`;
  test(
    name,
    async () => {
      let seen: string | undefined;
      const record = (passed: boolean, otherwise: string) => {
        rows[index] = { fault, expected, seen: shortened(seen ?? otherwise), passed };
      };
      try {
        await check((text) => {
          seen = text;
        });
        record(true, 'as expected');
      } catch (error) {
        record(false, `the test failed: ${String(error)}`);
        throw error;
      }
    },
    timeoutSeconds * 1000,
  );
}

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const TEMPORARY_FOLDER = new RegExp(`${tmpdir()}/resnet-test-\\w+`, 'g');
/** Most characters of a cell. */
const MAX_CELL_CHARACTERS = 400;

/** A result as a cell's text: without the temporary folder's name and Jest's colours, and cut if it is long. */
function shortened(text: string): string {
  const plain = text.replace(TEMPORARY_FOLDER, '…').replace(ESCAPES, '').trim();
  return plain.length > MAX_CELL_CHARACTERS ? `${plain.slice(0, MAX_CELL_CHARACTERS)}…` : plain;
}
