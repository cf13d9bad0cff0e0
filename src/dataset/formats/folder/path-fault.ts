/** What it means that the system refuses to look at a folder or to follow a link, and what to do. */
import { lstat, readlink } from 'node:fs/promises';
import type { UserError } from '../../../errors.ts';
import { dataFault } from '../files.ts';

/** @returns a UserError (data) that names the path */
export async function pathFault(path: string, error: unknown): Promise<UserError> {
  const { code } = error as NodeJS.ErrnoException;
  return dataFault(path, await problemOf(path, code), error);
}

async function problemOf(path: string, code: string | undefined): Promise<string> {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `this folder cannot be read (${code}); check its permissions`;
    case 'ELOOP':
      return 'is a link that leads round in a circle; remove it';
    case 'ENOENT': {
      const target = await readlink(path).catch(() => undefined);
      if (target !== undefined) return `is a link to ${target}, which does not exist; remove it, or restore its target`;
      const isThere = await lstat(path).then(Boolean, () => false);
      return isThere ? `cannot be read (${code}); try again` : 'no such file or folder; check its name';
    }
    case 'ENOTDIR':
      return 'is no folder; give the folder that holds the folders of classes';
    default:
      return `cannot be read (${code}); check the disk or network that it is on`;
  }
}
