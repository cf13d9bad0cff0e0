/** Finds out of which format data are. */
import { readdir, stat } from 'node:fs/promises';
import type { UserError } from '../../errors.ts';
import { compareCodePoints } from './code-points.ts';
import { dataFault } from './files.ts';
import { isPicture } from './folder/file-kinds.ts';
import { pathFault } from './folder/path-fault.ts';
import { DATA_FORMATS, type DataFormat } from './found.ts';
import { FORMAT_READERS } from './readers.ts';

/** Files that hold other files. */
const ARCHIVE = /\.(?:zip|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst)|7z|rar)$/i;

/** How many names of a folder are listed. */
const LISTED_NAMES = 5;

/**
 * Finds the format of a data set by names of files; what is in them is looked at when they are read.
 *
 * @param path a file, a folder, or what a format has in place of a path, such as `FOLDER/PREFIX` of IDX files
 * @throws UserError (data) if there is nothing at the path, if no format fits, or if several do; the signal's reason
 */
export async function detectFormat(path: string, signal?: AbortSignal): Promise<DataFormat> {
  const fitting: DataFormat[] = [];
  for (const format of DATA_FORMATS) {
    const reader = await FORMAT_READERS[format].load();
    if (await reader.looksLike(path, signal)) fitting.push(format);
  }
  // A table of any name counts where nothing else does, or where a single folder of pictures may be those that it names.
  if (fitting.length === 0 || String(fitting) === 'folder') {
    const { loneCsv } = await import('./csv.ts');
    if ((await loneCsv(path)) !== undefined) fitting.push('csv');
  }
  const [first, second] = fitting;
  if (first === undefined) throw await unknownFormat(path);
  if (second === undefined) return first;
  const found = fitting.map(named).join(' and ');
  throw dataFault(path, `holds ${found}; say which with --data-format ${first}`);
}

/** A format as messages name it: `IDX files like MNIST's (idx)`. */
function named(format: DataFormat): string {
  return `${FORMAT_READERS[format].what} (${format})`;
}

/** The error of data that no reader knows. */
async function unknownFormat(path: string): Promise<UserError> {
  const fault = (problem: string) => dataFault(path, problem);
  const formats = `what is read: ${DATA_FORMATS.map(named).join(', ')}`;
  try {
    if (!(await stat(path)).isDirectory()) {
      if (ARCHIVE.test(path)) return fault('is an archive; unpack it, and give the folder');
      return fault(`is of no format that is read; ${formats}`);
    }
    const names = (await readdir(path)).toSorted(compareCodePoints);
    if (names.length === 0) return fault(`is an empty folder; ${formats}`);
    const archive = names.find((name) => ARCHIVE.test(name));
    if (archive !== undefined) return fault(`holds the archive ${archive} and no data that are read; unpack it first`);
    if (names.some(isPicture)) {
      return fault('holds pictures that are in no folder of a class; make a folder for each class');
    }
    const more = names.length > LISTED_NAMES ? ` and ${names.length - LISTED_NAMES} more` : '';
    return fault(`holds no data that are read, but ${names.slice(0, LISTED_NAMES).join(', ')}${more}; ${formats}`);
  } catch (error) {
    return pathFault(path, error);
  }
}
