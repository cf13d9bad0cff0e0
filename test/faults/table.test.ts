/** The table of the fault suite, as text and by `npm run faults`. */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { countsOf, type FaultRow, faultTable } from '../../scripts/fault-rows.ts';
import { command } from '../support/resnet.ts';

const script = fileURLToPath(new URL('../../dist/scripts/fault-table.js', import.meta.url));

const ROWS: readonly FaultRow[] = [
  { fault: 'a', expected: 'exit 3', seen: 'exit 3', passed: true },
  { fault: 'b', expected: 'exit 3', seen: 'exit 1', passed: false },
  { fault: 'c', expected: 'exit 5', seen: 'skipped: no disk', passed: true, skipped: true },
];

/** The cells of a table, each cell's lines joined to one. */
function cellsOf(table: string): string[][] {
  const entries = table.split(/[├┌└].*\n?/).filter((entry) => entry.startsWith('│'));
  return entries.map((entry) => {
    const lines = entry.trimEnd().split('\n');
    const cells = lines.map((line) => line.split('│').slice(1, -1));
    return (cells[0] ?? []).map((_, column) =>
      cells
        .map((line) => line[column]?.trim())
        .join(' ')
        .trim(),
    );
  });
}

test('the table of faults has a row for each fault, marked by whether it came as expected', () => {
  expect(cellsOf(faultTable(ROWS, 80))).toEqual([
    ['', 'Fault', 'Expected', 'Seen'],
    ['✓', 'a', 'exit 3', 'exit 3'],
    ['✗', 'b', 'exit 3', 'exit 1'],
    ['-', 'c', 'exit 5', 'skipped: no disk'],
  ]);
  expect(countsOf(ROWS)).toBe('3 faults: 1 as expected, 1 not, 1 skipped\n');
});

test.each([50, 80, 121])('the table of faults is %i columns wide, however long a word is', (width) => {
  const path = '/very'.repeat(20);
  const table = faultTable([{ fault: `ab cd ${path} e`, expected: '', seen: path, passed: true }], width);
  const [mark, fault, ...others] = cellsOf(table)[1] ?? [];
  expect(mark).toBe('✓');
  expect(fault).toMatch(/^ab cd \/.* e$/);
  expect([fault, ...others].map((cell) => cell?.replaceAll(' ', ''))).toEqual([`abcd${path}e`, '', path]);
  for (const line of table.trimEnd().split('\n')) expect(line).toHaveLength(width);
});

test('npm run faults prints the row of a fault that is not survived too, and fails', async () => {
  const words = ['--testMatch', '**/test/faults/example-faults.ts'];
  const { code, stdout } = await command([process.execPath, script, ...words]);
  expect(code).toBe(1);
  expect(stdout).not.toContain('\u001b');
  expect(cellsOf(stdout).slice(1)).toEqual([
    ['-', expect.stringMatching(/^a fault that this/), 'exit 5', 'skipped: only on another'],
    ['✓', 'a fault that is survived', 'hash abc', 'hash abc'],
    ['✗', 'a fault that is not', 'hash abc', 'hash def'],
    ['✗', expect.stringMatching(/^a fault whose check fails/), 'exit 3', expect.stringContaining('no such command')],
    ['✗', 'a hang', 'exit 3', 'it did not come to an end'],
  ]);
  expect(stdout).toMatch(/\n5 faults: 1 as expected, 3 not, 1 skipped\n$/);
});
