/** Creates folders. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents. An existing folder stays unchanged.
 *
 * Node's own `mkdir` with `recursive` never returns under /proc, where the system says that an existing parent is
 * missing (seen with Node 20.20).
 *
 * @throws Node's system error, with its `code`
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again; // another process made it meanwhile
    });
  }
}
