/** Reads the names of classes from a text file: the file of `--class-names`. */
import { dataFault, encodingFault, readBytes } from './files.ts';
import { MOST_CLASSES } from './found.ts';

/** Largest size of the file in bytes: 65,535 names of 256 bytes. */
const MOST_BYTES = 2 ** 24;

/**
 * Reads a file with one name a line, in UTF-8. A byte order mark, the line ends of Windows and empty lines at the end are
 * no part of the names; spaces are, as they are of the names of folders.
 *
 * @param mostBytes largest size of the file in bytes, default 16 MiB
 * @returns the names in the order of the lines, no two the same
 * @throws UserError (data) naming the file, and the line at fault
 */
export async function readClassNames(path: string, mostBytes = MOST_BYTES): Promise<string[]> {
  const lines = await readLines(path, mostBytes);
  if (lines.length === 0) throw dataFault(path, 'holds no name of a class; write one name on each line');
  if (lines.length > MOST_CLASSES) {
    throw dataFault(path, `holds ${lines.length} names of classes; at most ${MOST_CLASSES} are possible`);
  }
  const lineOf = new Map<string, number>();
  for (const [index, name] of lines.entries()) {
    const line = index + 1;
    if (name.trim() === '') throw dataFault(path, `line ${line} is empty; write one name on each line`);
    const first = lineOf.get(name);
    if (first !== undefined) throw dataFault(path, `lines ${first} and ${line} are both ${name}; give each class once`);
    lineOf.set(name, line);
  }
  return lines;
}

/**
 * Lines of a text in UTF-8, without a byte order mark, the line ends of Windows and empty lines at the end.
 *
 * @throws UserError (data) naming the file
 */
export async function readLines(path: string, mostBytes: number): Promise<string[]> {
  const bytes = await readBytes(path, mostBytes);
  const lines = textOf(bytes, path).split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  return lines;
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw encodingFault(path, error);
  }
}
