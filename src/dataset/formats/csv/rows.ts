/** Reads a CSV file row by row, so that memory holds one piece of the file at a time. */
import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { dataFault, encodingFault, fileBytes, readBytes } from '../files.ts';
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

/** How Excel's text in UTF-16 begins. */
const UTF16_MARK = Buffer.from([0xff, 0xfe]);

/** How the text of a file is written. */
interface TextForm {
  readonly encoding: 'utf-8' | 'utf-16le';
  readonly delimiter: string;
  readonly newline: '\r\n' | '\n' | '\r';
}

/**
 * Rows of a CSV file (RFC 4180), also with tabs or semicolons instead of commas, in UTF-8 or UTF-16. Empty lines are left
 * out, and spaces around cells. All rows have as many cells as the first.
 *
 * @throws UserError (data) if the text is in another code; naming the line that has a quote too few, or more or fewer
 *   cells than the first
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
  for await (const text of textOf(path, encoding)) {
    const piece = parsed(rest + text, false);
    yield* piece.rows;
    rest = piece.rest;
    if (rest.length > limits.lineCharacters) {
      throw unreadable(path, `line ${line} has more than ${limits.lineCharacters} characters`);
    }
  }
  if (rest !== '') yield* parsed(rest, true).rows;
}

/** The text of a file, piece by piece; in another code two names of classes could become the same. */
async function* textOf(path: string, encoding: TextForm['encoding']): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder(encoding, { fatal: true }); // it leaves out U+FEFF, which Windows programs write first
  const decoded = (chunk?: Buffer) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (error) {
      throw encodingFault(path, error);
    }
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) yield decoded(chunk);
  yield decoded(); // no character is cut off
}

/** How the text of a file is written, by its beginning. */
async function formOf(path: string): Promise<TextForm> {
  const length = Math.min(await fileBytes(path), BEGINNING_BYTES);
  const bytes = await readBytes(path, BEGINNING_BYTES, { start: 0, length });
  const encoding = bytes.subarray(0, 2).equals(UTF16_MARK) ? 'utf-16le' : 'utf-8';
  const [firstLine = '', newline = '\n'] = new TextDecoder(encoding).decode(bytes).split(/(\r\n|\n|\r)/, 2);
  const delimiter = DELIMITERS.find((each) => firstLine.includes(each)) ?? DELIMITERS[0];
  return { encoding, delimiter, newline: newline as TextForm['newline'] };
}

function unreadable(path: string, what: string) {
  return dataFault(path, `cannot be read as CSV: ${what}; correct the line, or write the file again`);
}
