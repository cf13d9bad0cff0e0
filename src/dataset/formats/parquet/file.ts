/** Opens Parquet files: their schema, their columns, and what the writer noted about them. */
import { type FileMetaData, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet';
import { dataFault, fileBytes, readBytes } from '../files.ts';
import type { Limits } from '../limits.ts';

/** A Parquet file, whose end has been read. */
export interface ParquetFile {
  readonly path: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  readonly metadata: FileMetaData;
  readonly schema: SchemaTree;
  /** Number of rows. */
  readonly rows: number;
}

/** A column without repetition: the schema's elements from the root to it. */
export type ColumnPath = readonly SchemaTree[];

/**
 * Opens a Parquet file.
 *
 * @throws UserError (data) if it is none, is damaged, or has too many rows
 */
export async function openParquet(path: string, limits: Limits): Promise<ParquetFile> {
  const bytes = await fileBytes(path);
  const slice = async (start: number, end = bytes) =>
    (await readBytes(path, limits.arrayBytes, { start, length: end - start })).buffer;
  return guarded(path, async () => {
    const metadata = await parquetMetadataAsync({ byteLength: bytes, slice }, { geoparquet: false });
    const rows = metadata.row_groups.reduce((sum, group) => sum + wholeFrom0(group.num_rows, 'number of rows'), 0);
    if (rows > limits.rows) throw dataFault(path, `has ${rows} rows, at most ${limits.rows} are read; give fewer`);
    return { path, bytes, metadata, schema: parquetSchema(metadata), rows };
  });
}

/** Does work on a file, and turns errors that are not for the user into faults of the file. */
export async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'UserError') throw error;
    throw dataFault(
      path,
      `is no Parquet file, is damaged, or is of a kind that is not read (${message}); fetch it again`,
      error,
    );
  }
}

/**
 * A number that a file declares.
 *
 * @throws Error if it is no whole number from 0
 */
export function wholeFrom0(value: unknown, what: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${what} is ${typeof value === 'object' ? 'no number' : String(value)}`);
}
