/** What became of a case that was tried. */
import { tableLine } from '../table-line.ts';

/** One line of the table. */
export interface Result {
  /** A subject, a colon, and what it is. */
  readonly what: string;
  /** Library and version that wrote the file. */
  readonly writer: string;
  /** What the tool did, with its sentence if it said one. */
  readonly seen: string;
  /** What is not as it should be; empty if all is. */
  readonly faults: readonly string[];
}

/** The results as a table in Markdown. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ what, writer, seen, faults }) => {
    return [what, writer, faults.length === 0 ? 'passed' : 'failed', [seen, ...faults].filter(Boolean).join('; ')];
  });
  const head = tableLine(['file', 'written by', '', 'what the tool does']);
  return [head, '|---|---|---|---|', ...rows.map(tableLine)].join('\n');
}
