/** What is known about EMNIST's six data sets (Cohen et al. 2017), by the prefixes of their files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../../../errors.ts';

/** The files that hold their images with rows and columns exchanged. */
const LYING = /^emnist-(?:balanced|byclass|bymerge|digits|letters|mnist)$/;

/** The files whose labels stand for characters that a file of its own lists: `emnist-balanced-mapping.txt`. */
const MAPPED = /^emnist-(?:balanced|byclass|bymerge)$/;

/** The letters, capital and small ones in one class each. */
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

/** Largest code point of Unicode. */
const LAST_CODE_POINT = 0x10ffff;

/** Whether the files with this prefix are known to hold images that lie on their side. */
export function isLying(prefix: string): boolean {
  return LYING.test(prefix);
}

/**
 * Names of the classes of EMNIST's files, in the order of the labels.
 *
 * @returns undefined if the labels are bare numbers, or the file that lists their characters is not in the folder
 * @throws UserError (data) naming the line of that file that is at fault
 */
export async function emnistClassNames(folder: string, prefix: string): Promise<readonly string[] | undefined> {
  if (prefix === 'emnist-letters') return LETTERS;
  if (!MAPPED.test(prefix)) return undefined;
  const path = join(folder, `${prefix}-mapping.txt`);
  const text = await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new UserError(`${path}: cannot be read (${error.code}); check its permissions`, ExitCode.data, {
      cause: error,
    });
  });
  return text === undefined ? undefined : parseMapping(text, path);
}

/**
 * Parses lines of a label and the code point of its character: `10 65`.
 *
 * @param file the file's name, for messages
 * @returns characters in the order of the labels
 * @throws UserError (data) naming the line at fault
 */
function parseMapping(text: string, file: string): string[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line, label) => {
      const [, found, point] = /^(\d+)\s+(\d+)\s*$/.exec(line) ?? [];
      const character = Number(point);
      if (Number(found) === label && character > 0x20 && character <= LAST_CODE_POINT)
        return String.fromCodePoint(character);
      const expected = `expected the label ${label} and the number of a character, such as "${label} 65"`;
      throw new UserError(`${file}: line ${label + 1}: found "${line.slice(0, 40)}", ${expected}`, ExitCode.data);
    });
}
