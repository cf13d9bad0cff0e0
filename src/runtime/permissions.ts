/** What this user may not read or write of the installed runtime: another user may have set it up. Loads no TensorFlow. */
import { accessSync, constants, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { packageFolder } from '../package-folder.ts';
import { runtimeLocations } from './locations.ts';

/** What always helps where the clone is another user's. */
const OWN_CLONE = 'set up a clone of your own (npm ci && npm run setup)';

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
  if (isWritable(runtimeLocations().package)) return `${fault}: run npm run setup`;
  const clone = packageFolder();
  const isInClone = !relative(clone, closed).startsWith('..');
  const opened = isInClone ? `chmod -R a+rX ${clone}` : `RESNET_CACHE=FOLDER npm run setup with a FOLDER open to all`;
  return `${fault}: ${OWN_CLONE}, or have ${owner} run ${opened}`;
}

/** What to do to install the runtime. */
export function setUpAdvice(): string {
  return adviceInForeignClone() ?? 'run npm run setup';
}

/** What to do where this user may not write into the clone, so that set-up cannot work; undefined where it can. */
export function adviceInForeignClone(): string | undefined {
  const clone = packageFolder();
  if (isWritable(join(clone, 'node_modules'))) return undefined;
  return `${clone} belongs to ${ownerOf(clone).owner}: ${OWN_CLONE}, or have its owner run npm run setup there`;
}

/** The files that loading TensorFlow reads. */
function runtimeFiles(): string[] {
  const modules = join(packageFolder(), 'node_modules');
  if (closedPart(modules) !== undefined) return [modules];
  try {
    const { status, binding, graphSession, libraryLoad, dependencies } = runtimeLocations();
    const libraries = join(dependencies, 'lib');
    const names = closedPart(libraries) === undefined ? readdirSync(libraries) : [];
    return [status, binding, graphSession, libraryLoad, libraries, ...names.map((name) => join(libraries, name))];
  } catch {
    return []; // the package is not installed
  }
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

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
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
