/** Tests that are rows of the fault suite's table as well (`npm run faults`). */
import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, test } from '@jest/globals';
import { type FaultRow, ROWS_VARIABLE } from '../../scripts/fault-rows.ts';

/** Notes for the table what came of a fault; the last note counts. */
export type See = (seen: string) => void;

export interface FaultOptions {
  /** Why this machine cannot make the fault happen; undefined where it can. */
  readonly skip?: string | undefined;
  readonly timeoutSeconds?: number;
}

const rows: FaultRow[] = [];

// After all tests, so that there is a row also for one that never came to an end, or whose preparation failed.
afterAll(() => write(rows));

/** In one piece, because other processes append theirs. */
function write(finished: readonly FaultRow[]): void {
  const file = process.env[ROWS_VARIABLE];
  if (file !== undefined) appendFileSync(file, finished.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

/**
 * Declares a test for one fault.
 *
 * @param fault what is done to the tool; the test's name
 * @param expected what has to come of it, in words
 * @param check does it, tells what was seen, and throws where that is not what was expected
 */
export function testFault(
  fault: string,
  expected: string,
  check: (see: See) => Promise<void> | void,
  { skip, timeoutSeconds = 60 }: FaultOptions = {},
): void {
  if (skip !== undefined) {
    // At once: where all tests of a file are skipped, Jest leaves out what is to be done after them.
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
const LONGEST = 400;

/**
 * Without the temporary folder's name, Jest's colours and what follows a long text's beginning: a cell has little room.
 */
function shortened(text: string): string {
  const plain = text.replace(TEMPORARY_FOLDER, '…').replace(ESCAPES, '').trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
