/**
 * Finds the pages of a column in a Parquet file, and reads one at a time. hyparquet reads whole chunks of a column, and a
 * chunk of pictures is all there are up to 100 MB.
 */
import { crc32 } from 'node:zlib';
import type { PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { readBytes } from '../files.ts';
import type { Limits } from '../limits.ts';
import { type ColumnPath, guarded, type ParquetFile, wholeFrom0 } from './file.ts';
import { dictionaryValues, type PageValues, pageValues, type RawPage } from './page-values.ts';

/** How much of the file is read to find a page's header at first; the longest hold values for statistics. */
const HEADER_BYTES = 2 ** 13;

/** Where a page is in its file. */
interface PagePlace {
  /** Where its bytes begin, behind its header. */
  readonly start: number;
  readonly header: PageHeader;
  readonly codec: RawPage['codec'];
}

/** A page of values. */
export interface Page extends PagePlace {
  /** The first row whose value it holds. */
  readonly firstRow: number;
  readonly rows: number;
  /** The values that the page's numbers stand for. */
  readonly dictionary: PagePlace | undefined;
}

/** Lists the pages of a column. */
async function listPages(file: ParquetFile, column: ColumnPath, limits: Limits): Promise<Page[]> {
  const name = column.slice(1).map(({ element }) => element.name);
  const pages: Page[] = [];
  let firstRow = 0;
  for (const { columns, num_rows } of file.metadata.row_groups) {
    const chunk = columns.find(({ meta_data: meta }) => meta?.path_in_schema.join('\0') === name.join('\0'));
    if (chunk?.meta_data === undefined || chunk.file_path) throw new Error(`the column ${name.join('.')} is not in it`);
    const { dictionary_page_offset, data_page_offset, total_compressed_size, codec } = chunk.meta_data;
    const start = wholeFrom0(dictionary_page_offset || data_page_offset, 'place of a column');
    const end = start + wholeFrom0(total_compressed_size, 'size of a column');
    const rows = wholeFrom0(num_rows, 'number of rows');
    pages.push(...(await chunkPages(file, { start, end, firstRow, rows, codec }, limits)));
    firstRow += rows;
  }
  return pages;
}

/** Lists the pages of a column's chunk, which is its part in one row group. */
async function chunkPages(
  file: ParquetFile,
  chunk: { start: number; end: number; firstRow: number; rows: number; codec: RawPage['codec'] },
  limits: Limits,
): Promise<Page[]> {
  const pages: Page[] = [];
  let dictionary: PagePlace | undefined;
  let seen = 0;
  for (let at = chunk.start; seen < chunk.rows; ) {
    const { header, headerBytes } = await readHeader(file, at, chunk.end);
    const start = at + headerBytes;
    const stored = wholeFrom0(header.compressed_page_size, 'size of a page');
    const unpacked = wholeFrom0(header.uncompressed_page_size, 'size of a page');
    if (start + stored > chunk.end) throw new Error('a page is longer than its column');
    if (unpacked > limits.arrayBytes)
      throw new Error(`a page of ${unpacked} bytes, at most ${limits.arrayBytes} are read`);
    const place = { start, header, codec: chunk.codec };
    if (header.type === 'DICTIONARY_PAGE') dictionary = place;
    const declared = (header.data_page_header ?? header.data_page_header_v2)?.num_values;
    if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') {
      const rows = wholeFrom0(declared, 'number of values');
      if (seen + rows > chunk.rows) throw new Error('a column has more values than rows');
      pages.push({ ...place, firstRow: chunk.firstRow + seen, rows, dictionary });
      seen += rows;
    }
    at = start + stored;
  }
  return pages;
}

/** Reads the header of the page at a place; more and more of the file until it is whole. */
async function readHeader(
  file: ParquetFile,
  at: number,
  end: number,
): Promise<{ header: PageHeader; headerBytes: number }> {
  for (let length = Math.min(HEADER_BYTES, end - at); ; length = Math.min(8 * length, end - at)) {
    if (length < 1) throw new Error('a column ends before its last row');
    const bytes = await readBytes(file.path, Number.POSITIVE_INFINITY, { start: at, length });
    const reader = { view: new DataView(bytes.buffer), offset: 0 };
    try {
      return { header: parquetHeader(reader), headerBytes: reader.offset };
    } catch (error) {
      if (at + length >= end) throw error;
    }
  }
}

/** Reads a column of a file, page by page. */
export class ColumnReader {
  readonly #file: ParquetFile;
  readonly #column: ColumnPath;
  readonly #limits: Limits;
  /** The dictionary that was used last: all pages of a row group share one. */
  #dictionary: { readonly place: PagePlace; readonly values: Promise<PageValues> } | undefined;

  constructor(file: ParquetFile, column: ColumnPath, limits: Limits) {
    this.#file = file;
    this.#column = column;
    this.#limits = limits;
  }

  /**
   * Lists the pages, in the order of the rows.
   *
   * @throws UserError (data) if what the file declares doesn't fit together
   */
  async pages(): Promise<Page[]> {
    return guarded(this.#file.path, () => listPages(this.#file, this.#column, this.#limits));
  }

  /**
   * Reads the values of a page, one a row; null where a row has none.
   *
   * @throws UserError (data) if the page is damaged
   */
  async values(page: Page): Promise<PageValues> {
    return guarded(this.#file.path, async () => {
      const dictionary = page.dictionary && (await this.#dictionaryAt(page.dictionary));
      return pageValues(await rawPage(this.#file, page, this.#limits), this.#column, dictionary);
    });
  }

  #dictionaryAt(place: PagePlace): Promise<PageValues> {
    if (this.#dictionary?.place !== place) {
      const raw = rawPage(this.#file, place, this.#limits);
      this.#dictionary = { place, values: raw.then((page) => dictionaryValues(page, this.#column)) };
    }
    return this.#dictionary.values;
  }
}

/** The bytes of a page as they are stored, after a look at their checksum if there is one. */
async function rawPage(file: ParquetFile, { start, header, codec }: PagePlace, limits: Limits): Promise<RawPage> {
  const length = header.compressed_page_size;
  const bytes = await readBytes(file.path, limits.arrayBytes, { start, length });
  if (header.crc !== undefined && crc32(bytes) !== header.crc >>> 0) throw new Error('the checksum of a page is wrong');
  return { bytes, header, codec };
}
