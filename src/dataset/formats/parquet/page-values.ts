/** Unpacks the values of one page of a Parquet file, and checks what it declares before memory is taken. */
import type { CompressionCodec, Encoding, PageHeader, ParquetType } from 'hyparquet';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { deltaBinaryUnpack, deltaLengthByteArray } from 'hyparquet/src/delta.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { getMaxDefinitionLevel } from 'hyparquet/src/schema.js';
import { compressors } from './compressors.ts';
import { type ColumnPath, wholeFrom0 } from './file.ts';
import { unpackRuns } from './runs.ts';

/** A page as it is stored. */
export interface RawPage {
  readonly bytes: Uint8Array;
  readonly header: PageHeader;
  readonly codec: CompressionCodec;
}

/** Values of a page, one a row, in Parquet's own types: bytes, numbers, bigints; null where a row has none. */
export type PageValues = readonly unknown[];

/** The values of a dictionary, for which the numbers in a column's other pages stand. */
export function dictionaryValues({ bytes, header, codec }: RawPage, column: ColumnPath): PageValues {
  const page = decompressPage(bytes, header.uncompressed_page_size, codec, compressors);
  const count = wholeFrom0(header.dictionary_page_header?.num_values, 'size of a dictionary');
  return plainValues(page, column, count);
}

/** The values of a page, one a row. */
export function pageValues(raw: RawPage, column: ColumnPath, dictionary: PageValues | undefined): PageValues {
  const { data_page_header: first, data_page_header_v2: second } = raw.header;
  const header = first ?? second;
  if (header === undefined) throw new Error('a page has no header of its kind');
  const count = wholeFrom0(header.num_values, 'number of values');
  /** How many of the column's levels that may be empty are there in a row that has a value. */
  const deepest = getMaxDefinitionLevel([...column]);
  const { levels, values } = first ? sectionsV1(raw, deepest, count) : sectionsV2(raw, deepest, count);
  const present = levels === undefined ? count : levels.filter((level) => level === deepest).length;
  const stored = decoded(values, header.encoding, column, present, dictionary);
  if (levels === undefined) return stored;
  let at = 0;
  return Array.from(levels, (level) => (level === deepest ? stored[at++] : null));
}

/** The two sections of a page: which rows have values (undefined if all do), and the values. */
interface Sections {
  readonly levels: Uint32Array | undefined;
  readonly values: Uint8Array;
}

/** Sections of a page of the first version, which is compressed as a whole. */
function sectionsV1({ bytes, header, codec }: RawPage, deepest: number, count: number): Sections {
  const page = decompressPage(bytes, header.uncompressed_page_size, codec, compressors);
  if (deepest === 0) return { levels: undefined, values: page };
  const length = viewOf(page).getUint32(0, true);
  const begin = 4;
  if (begin + length > page.length) throw new Error('a section is longer than its page');
  const levels = unpackRuns(page.subarray(begin, begin + length), bitsOf(deepest), count);
  return { levels, values: page.subarray(begin + length) };
}

/** Sections of a page of the second version, of which only the values are compressed. */
function sectionsV2({ bytes, header, codec }: RawPage, deepest: number, count: number): Sections {
  const page = header.data_page_header_v2;
  const repetitions = wholeFrom0(page?.repetition_levels_byte_length, 'size of a section');
  const length = wholeFrom0(page?.definition_levels_byte_length, 'size of a section');
  const begin = repetitions + length;
  const unpacked = header.uncompressed_page_size - begin;
  if (begin > bytes.length || unpacked < 0) throw new Error('a section is longer than its page');
  const levels = deepest === 0 ? undefined : unpackRuns(bytes.subarray(repetitions, begin), bitsOf(deepest), count);
  const rest = bytes.subarray(begin);
  const isPacked = page?.is_compressed !== false && unpacked > 0;
  return { levels, values: isPacked ? decompressPage(rest, unpacked, codec, compressors) : rest };
}

/** Values in their encoding. The encodings that are missing are not used here, or unpack to far more than they hold. */
function decoded(
  bytes: Uint8Array,
  encoding: Encoding,
  column: ColumnPath,
  count: number,
  dictionary: PageValues | undefined,
): PageValues {
  const reader = { view: viewOf(bytes), offset: 0 };
  switch (encoding) {
    case 'PLAIN':
      return plainValues(bytes, column, count);
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      const indices = count === 0 ? [] : unpackRuns(bytes.subarray(1), bytes[0] ?? 0, count);
      return Array.from(indices, (index) => {
        if (dictionary === undefined || index >= dictionary.length) throw new Error('a value is not in its dictionary');
        return dictionary[index];
      });
    }
    case 'DELTA_BINARY_PACKED': {
      const numbers = typeOf(column) === 'INT32' ? new Int32Array(count) : new BigInt64Array(count);
      if (count > 0) deltaBinaryUnpack(reader, count, numbers);
      return [...numbers];
    }
    case 'DELTA_LENGTH_BYTE_ARRAY': {
      const texts: Uint8Array[] = new Array(count);
      if (count > 0) deltaLengthByteArray(reader, count, texts);
      return texts;
    }
    default:
      throw new Error(`the encoding ${encoding} of a column`);
  }
}

/** Values one after the other; texts behind their lengths. */
function plainValues(bytes: Uint8Array, column: ColumnPath, count: number): PageValues {
  const type = typeOf(column);
  const LEAST_BYTES = 4; // of a number, or of the length of a text
  if (type !== 'BOOLEAN' && count * LEAST_BYTES > bytes.length)
    throw new Error('a page holds fewer values than declared');
  return [...readPlain({ view: viewOf(bytes), offset: 0 }, type, count, column.at(-1)?.element.type_length)];
}

function typeOf(column: ColumnPath): ParquetType {
  const type = column.at(-1)?.element.type;
  if (type === undefined) throw new Error('a column has no type');
  return type;
}

/** Bits that a number up to `most` needs. */
function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
