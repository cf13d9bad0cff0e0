/** Folders that users name for output: what this tool wrote earlier is replaced, and no other file unasked. */
import { lstat, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';

/** What is written into a folder. */
interface Output {
  /** What is written, in messages: `the report is`. */
  readonly subject: string;
  /** What an earlier file of a name may be, in messages: `part of a report`. */
  readonly part: string;
  /** The flag that names the folder, or the file. */
  readonly flag: string;
  /** What the flag names, in messages; default: a folder. */
  readonly place?: 'folder' | 'file';
}

/**
 * Refuses a folder that holds files of the names to be written which this tool did not write.
 *
 * @param isOwn whether the tool wrote the file that exists at a path
 * @throws UserError (io) naming the first of the files
 */
export async function refuseOtherFiles(
  folder: string,
  names: readonly string[],
  isOwn: (path: string) => Promise<boolean>,
  { subject, part, flag, place = 'folder' }: Output,
): Promise<void> {
  for (const name of names) {
    const path = join(folder, name);
    const exists = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!exists || (await isOwn(path))) continue;
    const advice = `give --overwrite to replace it, or another ${place} with ${flag}`;
    throw new UserError(`${subject} not written, because ${path} exists and is no ${part}; ${advice}`, ExitCode.io);
  }
}

/**
 * Whether a file begins with bytes that hold a mark.
 *
 * @param most number of the first bytes that are searched
 * @returns false also for what is no file, or cannot be read
 */
export async function holdsMark(path: string, mark: string, most: number): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return false; // opening a named pipe would wait for ever
  const handle = await open(path).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead).includes(mark);
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
