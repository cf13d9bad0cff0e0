/** Writes what became of the data sets as tables in Markdown. */
import { tableLine } from '../table-line.ts';
import type { ReadResult, RefusedResult, Result } from './result.ts';

/** The tables: a summary by formats, what was read, what was refused. */
export function tablesOf(results: readonly Result[]): string {
  const read = results.filter((each) => each.kind === 'read');
  const refused = results.filter((each) => each.kind === 'refused');
  return [summary(results), readTable(read), refusedTable(refused)].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [tableLine(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(tableLine)].join('\n');
}

/** The format and the layout of a case. */
function partsOf({ what }: Result): [format: string, layout: string] {
  const [format = '', ...rest] = what.split(': ');
  return [format, rest.join(': ')];
}

function summary(results: readonly Result[]): string {
  const formats = [...new Set(results.map((each) => partsOf(each)[0]))];
  const rows = formats.map((format) => {
    const own = results.filter((each) => partsOf(each)[0] === format && each.faults.length === 0);
    const read = own.filter((each) => each.kind === 'read');
    const equal = read.filter(({ most }) => most === 0).length;
    const near = read.filter(({ most }) => most > 0);
    const bounds = near.length === 0 ? '' : `, ${near.length} within ${numbersOf(worst(near))}`;
    return [format, String(read.length), `${equal} byte for byte${bounds}`, String(own.length - read.length)];
  });
  return table(['format', 'layouts read', "numbers equal to Python's", 'faults refused'], rows);
}

/** The largest mean and the largest difference of any. */
function worst(results: readonly ReadResult[]): { mean: number; most: number } {
  const largest = (values: readonly number[]) => Math.max(...values);
  return { mean: largest(results.map(({ mean }) => mean)), most: largest(results.map(({ most }) => most)) };
}

function numbersOf({ mean, most }: { readonly mean: number; readonly most: number }): string {
  return most === 0 ? 'equal' : `mean ${mean.toFixed(2)}, most ${most}`;
}

function readTable(results: readonly ReadResult[]): string {
  const rows = results.map((each) => {
    const seen = each.faults.length === 0 ? numbersOf(each) : `FAILED: ${each.faults.join('; ')}`;
    return [...partsOf(each), each.writer, `${each.images} images`, seen];
  });
  return table(['format', 'layout', 'written by', 'read', 'levels against Python'], rows);
}

function refusedTable(results: readonly RefusedResult[]): string {
  const rows = results.map((each) => {
    const wrong = each.faults.length === 0 ? '' : ` FAILED: ${each.faults.join('; ')}`;
    return [...partsOf(each), each.writer, String(each.exitCode), `\`${each.message}\`${wrong}`];
  });
  return table(['format', 'fault', 'written by', 'exit code', 'refused with'], rows);
}
