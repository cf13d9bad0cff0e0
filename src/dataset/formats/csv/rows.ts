/** Reads a CSV file row by row, so that memory holds one row at a time. */
import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import { dataFault, encodingFault, fileBytes, readBytes } from '../files.ts';
import type { Limits } from '../limits.ts';
import { plainLines } from './plain-lines.ts';

/** A row of a CSV file. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Line of the file, from 1, on which the row ends. */
  readonly line: number;
}

/** What may stand between cells; the first of them that the first line holds does. */
const DELIMITERS = [',', '\t', ';'] as const;

/** How much of the file is looked at for the first line. */
const BEGINNING_BYTES = 2 ** 16;

/** Longest text of a fault within a row: the fault itself, not the row. */
const MOST_FAULT_CHARACTERS = 200;

/** Bytes that a file has which cannot be split at the ends of its lines: quotes, and the zeros of UTF-16. */
const QUOTE = 0x22;
const ZERO = 0;

/** The first two bytes of UTF-16 as Excel writes it (little-endian), which csv-parse decodes. */
const UTF_16 = 0xfeff;

/**
 * Rows of a CSV file (RFC 4180), also with tabs or semicolons instead of commas. Empty lines are left out, and spaces
 * around cells. All rows have as many cells as the first.
 *
 * @throws UserError (data) if the text is not in UTF-8; naming the line that has a quote too few, or more or fewer cells
 *   than the first
 */
export async function* csvRows(path: string, limits: Limits): AsyncGenerator<CsvRow, void, void> {
  const delimiter = await delimiterOf(path);
  try {
    if (await isPlain(path)) yield* plainRows(path, delimiter, limits);
    else yield* quotedRows(path, delimiter, limits);
  } catch (error) {
    const { message, name } = error as CsvError;
    if (name === 'UserError') throw error;
    const what = message.slice(0, MOST_FAULT_CHARACTERS);
    throw dataFault(path, `cannot be read as CSV: ${what}; correct the line, or write the file again`, error);
  }
}

/** What stands between the cells of a file. */
async function delimiterOf(path: string): Promise<string> {
  const length = Math.min(await fileBytes(path), BEGINNING_BYTES);
  const beginning = (await readBytes(path, BEGINNING_BYTES, { start: 0, length })).toString('utf8');
  const firstLine = beginning.split(/[\r\n]/, 1)[0] ?? '';
  return DELIMITERS.find((delimiter) => firstLine.includes(delimiter)) ?? DELIMITERS[0];
}

/**
 * Whether the rows of a file are its lines, and its cells what stands between delimiters.
 *
 * @throws UserError (data) if the text is neither in UTF-8 nor in UTF-16: two names of classes could become the same
 */
async function isPlain(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isPlain = true;
  let isFirst = true;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      if (isFirst && chunk.length >= 2 && chunk.readUInt16LE() === UTF_16) return false;
      isFirst = false;
      decoder.decode(chunk, { stream: true });
      isPlain &&= !chunk.includes(QUOTE) && !chunk.includes(ZERO);
    }
    decoder.decode(); // no character is cut off
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw encodingFault(path, error);
  }
  return isPlain;
}

/** Rows of a file without quotes. For Kaggle's 42,000 digits (76 MB), csv-parse 7.0.3 takes five times as long. */
async function* plainRows(path: string, delimiter: string, limits: Limits): AsyncGenerator<CsvRow, void, void> {
  let count = 0;
  for await (const { text, line } of plainLines(path, limits)) {
    if (text.trim() === '') continue;
    const cells = text.split(delimiter).map((cell) => cell.trim());
    if (count === 0) count = cells.length;
    if (cells.length !== count)
      throw new Error(`expected ${count} cells as in the first row, got ${cells.length} on line ${line}`);
    yield { cells, line };
  }
}

/** Rows of any file. */
async function* quotedRows(path: string, delimiter: string, limits: Limits): AsyncGenerator<CsvRow, void, void> {
  const options = { delimiter, bom: true, info: true, trim: true, skip_empty_lines: true };
  const file = createReadStream(path);
  const parser = file.pipe(parse({ ...options, max_record_size: limits.lineCharacters }));
  file.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: record, line: info.lines };
    }
  } finally {
    file.destroy();
  }
}
