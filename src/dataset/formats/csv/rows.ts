/** Reads a CSV file row by row, so that memory holds one piece of the file at a time. */
import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { dataFault, fileBytes, readBytes } from '../files.ts';
import type { Limits } from '../limits.ts';

/** A row of a CSV file. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Line of the file, from 1, on which the row begins. */
  readonly line: number;
}

/** What may stand between cells; the first of them that the first line holds does. */
const DELIMITERS = [',', '\t', ';'] as const;

/** How much of the file is looked at for the first line. */
const BEGINNING_BYTES = 2 ** 16;

/** U+FEFF, which Windows programs write first; of UTF-16 its two bytes say so. */
const BYTE_ORDER_MARK = '\ufeff';
const UTF16_MARK = Buffer.from([0xff, 0xfe]);

/** How the text of a file is written. */
interface TextForm {
  readonly encoding: 'utf8' | 'utf16le';
  readonly delimiter: string;
  readonly newline: '\r\n' | '\n' | '\r';
}

/**
 * Rows of a CSV file (RFC 4180), also with tabs or semicolons instead of commas, in UTF-8 or UTF-16. Empty lines are left
 * out, and spaces around cells. All rows have as many cells as the first.
 *
 * @throws UserError (data) naming the line that has a quote too few, or more or fewer cells than the first
 */
export async function* csvRows(path: string, limits: Limits): AsyncGenerator<CsvRow, void, void> {
  const form = await formOf(path);
  let count: number | undefined;
  for await (const { cells, line } of rowsOf(path, form, limits)) {
    if (cells.length === 1 && cells[0] === '') continue;
    count ??= cells.length;
    if (cells.length !== count) {
      throw unreadable(path, `expected ${count} cells as in the first row, got ${cells.length} on line ${line}`);
    }
    yield { cells, line };
  }
}

/** All rows, those of empty lines too. papaparse takes a quarter of csv-parse's time for Kaggle's digits (measured). */
async function* rowsOf(path: string, form: TextForm, limits: Limits): AsyncGenerator<CsvRow, void, void> {
  const { encoding, ...config } = form;
  const parser = new Papa.Parser(config);
  let line = 1;
  /** The rows of a text; its last row may go on, unless it is the end of the file. */
  const parsed = (text: string, isEnd: boolean) => {
    const { data, errors, meta } = parser.parse(text, 0, !isEnd) as Papa.ParseResult<string[]>;
    const rows = data.map((texts) => {
      const row = { cells: texts.map((cell) => cell.trim()), line };
      line += 1 + texts.reduce((ends, cell) => ends + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
      return row;
    });
    const [fault] = errors;
    if (fault) throw unreadable(path, `${fault.message} on line ${rows[fault.row ?? 0]?.line ?? line}`);
    return { rows, rest: text.slice(meta.cursor) };
  };
  let rest = '';
  let isFirst = true;
  for await (const chunk of createReadStream(path, { encoding }) as AsyncIterable<string>) {
    const text = rest + (isFirst && chunk.startsWith(BYTE_ORDER_MARK) ? chunk.slice(1) : chunk);
    isFirst = false;
    const piece = parsed(text, false);
    yield* piece.rows;
    rest = piece.rest;
    if (rest.length > limits.lineCharacters) {
      throw unreadable(path, `line ${line} has more than ${limits.lineCharacters} characters`);
    }
  }
  if (rest !== '') yield* parsed(rest, true).rows;
}

/** How the text of a file is written, by its beginning. */
async function formOf(path: string): Promise<TextForm> {
  const length = Math.min(await fileBytes(path), BEGINNING_BYTES);
  const bytes = await readBytes(path, BEGINNING_BYTES, { start: 0, length });
  const encoding = bytes.subarray(0, 2).equals(UTF16_MARK) ? 'utf16le' : 'utf8';
  const [firstLine = '', newline = '\n'] = bytes.toString(encoding).split(/(\r\n|\n|\r)/, 2);
  const delimiter = DELIMITERS.find((each) => firstLine.includes(each)) ?? DELIMITERS[0];
  return { encoding, delimiter, newline: newline as TextForm['newline'] };
}

function unreadable(path: string, what: string) {
  return dataFault(path, `cannot be read as CSV: ${what}; correct the line, or write the file again`);
}
