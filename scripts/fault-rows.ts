/** The fault suite's table: what was done to the tool, what had to come of it, and what came. */
import { readFileSync } from 'node:fs';
import Table from 'cli-table3';

/** Names the file to which the suite appends its rows, one a line. */
export const ROWS_VARIABLE = 'RESNET_FAULT_ROWS';

export interface FaultRow {
  readonly fault: string;
  readonly expected: string;
  readonly seen: string;
  readonly passed: boolean;
  /** Set where this machine cannot make the fault happen; `seen` says why. */
  readonly skipped?: true;
}

export function readRows(file: string): FaultRow[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** cli-table3 draws a border and a space to each cell's left, a space to its right, and one more border. */
const FRAME = 3;

/** Narrower ones have no room for a word. */
const LEAST_WIDTH = 40;

/** @param width of the whole table, in characters; it is a little wider than a very narrow one */
export function faultTable(rows: readonly FaultRow[], width: number): string {
  const room = Math.max(width, LEAST_WIDTH) - 4 * FRAME - 1 - 1; // the marks are one wide
  const column = Math.floor(room / 3);
  const widths = [1, column, column, room - 2 * column] as const;
  const table = new Table({
    head: ['', 'Fault', 'Expected', 'Seen'],
    colWidths: widths.map((each) => each + FRAME - 1),
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const cells = [markOf(row), row.fault, row.expected, row.seen];
    table.push(cells.map((text, index) => wrapped(text, widths[index] ?? room)));
  }
  return `${table.toString()}\n`;
}

/** cli-table3 either breaks all words or cuts the long ones off, and a path is longer than a column. */
function wrapped(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
      continue;
    }
    if (line === '') lines.pop();
    for (let at = 0; at < word.length || at === 0; at += width) lines.push(word.slice(at, at + width));
  }
  return lines.join('\n');
}

function markOf({ passed, skipped }: FaultRow): string {
  if (skipped) return '-';
  return passed ? '✓' : '✗';
}

export function countsOf(rows: readonly FaultRow[]): string {
  const skipped = rows.filter((row) => row.skipped).length;
  const failed = rows.filter(({ passed }) => !passed).length;
  return `${rows.length} faults: ${rows.length - skipped - failed} as expected, ${failed} not, ${skipped} skipped\n`;
}
