/** The rows of the fault suite's table (fault, expected result, seen result) and the table's text. */
import { readFileSync } from 'node:fs';
import Table from 'cli-table3';

/** Environment variable with the path of the file to which the suite appends its rows, one JSON object a line. */
export const ROWS_VARIABLE = 'RESNET_FAULT_ROWS';

/** One fault that the suite makes happen. */
export interface FaultRow {
  /** The fault that was made. */
  readonly fault: string;
  /** The expected result. */
  readonly expected: string;
  /** The result. */
  readonly seen: string;
  readonly passed: boolean;
  /** Set if this machine cannot make the fault happen; `seen` says why. */
  readonly skipped?: true;
}

/** Reads the rows that the suite has written. */
export function readRows(file: string): FaultRow[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

/** Characters that cli-table3 draws around each cell: a border and a space to its left, a space to its right. */
const CELL_FRAME_CHARACTERS = 3;

/** Least width of the table in characters; a narrower table has no room for words. */
const MIN_WIDTH_CHARACTERS = 40;

/** Width of the column of marks in characters. */
const MARK_CHARACTERS = 1;

/**
 * The fault suite's table as text.
 *
 * @param width width of the table in characters; a width below 40 counts as 40
 */
export function faultTable(rows: readonly FaultRow[], width: number): string {
  const frame = 4 * CELL_FRAME_CHARACTERS + 1; // four cells and the last border
  const room = Math.max(width, MIN_WIDTH_CHARACTERS) - frame - MARK_CHARACTERS;
  const column = Math.floor(room / 3);
  const widths = [MARK_CHARACTERS, column, column, room - 2 * column] as const;
  const table = new Table({
    head: ['', 'Fault', 'Expected', 'Seen'],
    colWidths: widths.map((each) => each + CELL_FRAME_CHARACTERS - 1), // cli-table3's widths exclude the border
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const cells = [markOf(row), row.fault, row.expected, row.seen];
    table.push(cells.map((text, index) => wrapped(text, widths[index] ?? room)));
  }
  return `${table.toString()}\n`;
}

/**
 * Wraps text at words, and breaks words that are longer than a line, such as paths. cli-table3 itself either breaks all
 * words or truncates long ones.
 */
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

/** The mark of a row: - skipped, ✓ passed, ✗ failed. */
function markOf({ passed, skipped }: FaultRow): string {
  if (skipped) return '-';
  return passed ? '✓' : '✗';
}

/** The line below the table: how many faults passed, failed and were skipped. */
export function countsOf(rows: readonly FaultRow[]): string {
  const skipped = rows.filter((row) => row.skipped).length;
  const failed = rows.filter(({ passed }) => !passed).length;
  return `${rows.length} faults: ${rows.length - skipped - failed} as expected, ${failed} not, ${skipped} skipped\n`;
}
