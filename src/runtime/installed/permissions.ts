/** What this user may not read of the installed runtime: another user's cache may be named. Loads no TensorFlow. */
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import { packageFolder } from '../../package-folder.ts';
import { compiledIn, locationsIn, readRuntimeStatus, runtimesFolder, statusFile } from './locations.ts';

/**
 * Why this user cannot read the installed runtime, and what to do, in one line.
 *
 * @returns undefined if every file that exists can be read
 */
export function whyUnreadable(): string | undefined {
  const closed = runtimeFiles()
    .map(closedPart)
    .find((path) => path !== undefined);
  if (closed === undefined) return undefined;
  const { owner, mode } = ownerOf(closed);
  const fault = `its files cannot be read: ${closed} is closed to this user (its owner is ${owner}, its mode ${mode})`;
  const tool = packageFolder();
  const isInTool = !relative(tool, closed).startsWith('..');
  return isInTool
    ? `${fault}: have ${owner} run chmod -R a+rX ${tool}`
    : `${fault}: name a cache of your own in RESNET_CACHE, or have ${owner} run chmod -R a+rX ${cacheFolder()}`;
}

/** The files that loading TensorFlow reads, as far as they are known. */
function runtimeFiles(): string[] {
  let status: string;
  try {
    status = statusFile();
  } catch {
    return []; // this user has no cache
  }
  const { folder } = readRuntimeStatus() ?? {};
  const modules = join(packageFolder(), 'node_modules');
  if (folder === undefined) return [modules, status];
  const locations = locationsIn(join(runtimesFolder(), folder));
  const libraries = join(locations.dependencies, 'lib');
  const names = existsSync(libraries) && closedPart(libraries) === undefined ? readdirSync(libraries) : [];
  return [modules, status, ...compiledIn(locations), libraries, ...names.map((name) => join(libraries, name))];
}

/** The folder or file on the way to a path that this user may not read; undefined if all can be read or it is missing. */
function closedPart(path: string): string | undefined {
  try {
    accessSync(realpathSync(path), constants.R_OK);
    return undefined;
  } catch (error) {
    const { code, syscall, path: at = path } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES') return undefined;
    if (syscall === 'access') return at;
    const target = linkTarget(at); // Node names a link if it cannot look at what is behind it
    return target === undefined ? dirname(at) : closedPart(target);
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return undefined; // no link, or in a closed folder
  }
}

/** The name of a path's owner, and its mode in octal digits. */
function ownerOf(path: string): { owner: string; mode: string } {
  const { uid, mode } = statSync(path);
  return { owner: userName(uid) ?? `user ${uid}`, mode: (mode & 0o7777).toString(8) };
}

function userName(uid: number): string | undefined {
  try {
    const users = readFileSync('/etc/passwd', 'utf8').split('\n');
    return users.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[0];
  } catch {
    return undefined;
  }
}
