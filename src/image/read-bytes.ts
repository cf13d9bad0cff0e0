/** Reads a picture's bytes from a file or from standard input, up to a size limit. */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, readlink, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';

/** The path that means standard input, as for `cat`. */
const STANDARD_INPUT = '-';

/** Largest size of a picture file in MiB: several times the size of a camera's JPEG. */
const MAX_IMAGE_MIB = 64;
const MAX_IMAGE_BYTES = MAX_IMAGE_MIB * 2 ** 20;

const IS_TOO_LARGE = `has more than ${MAX_IMAGE_MIB} MiB; give a smaller picture`;
const IS_EMPTY = 'is empty; give another picture';
const IS_FOLDER = 'is a folder; name the pictures in it';

/** A picture in memory: the bytes of its file, and its name in messages. */
export interface PictureBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where a picture is: the path of a file, `-` for standard input, or its bytes. */
export type PictureSource = string | PictureBytes;

/** What stands for a picture's path in its answer: the name of one in memory. */
export function pathOf(source: PictureSource): string {
  return typeof source === 'string' ? source : source.name;
}

/** Name of a picture in messages. */
export function nameOf(source: PictureSource): string {
  if (typeof source !== 'string') return source.name;
  return source === STANDARD_INPUT ? 'standard input' : source;
}

/**
 * Reads a picture whole; standard input is read to its end.
 *
 * @throws UserError (data) if there is no file, or it cannot be read, is empty or is larger than 64 MiB
 */
export async function readImageBytes(source: PictureSource): Promise<Buffer> {
  const name = nameOf(source);
  if (typeof source !== 'string') return checkedBytes(source);
  const path = source;
  try {
    const bytes = await (path === STANDARD_INPUT ? readStandardInput() : readRegularFile(path));
    if (bytes.length === 0) throw fault(name, IS_EMPTY);
    return bytes;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw fault(name, await whyUnreadable(path, error as NodeJS.ErrnoException), error);
  }
}

/** The same bytes, checked as those of a file are. */
function checkedBytes({ name, bytes: { buffer, byteOffset, byteLength } }: PictureBytes): Buffer {
  if (byteLength === 0) throw fault(name, IS_EMPTY);
  if (byteLength > MAX_IMAGE_BYTES) throw fault(name, IS_TOO_LARGE);
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * A file that the system has in memory is read in 0.05 ms here. Node's threads are asked five times for each file, which
 * takes 0.3 ms of processor time: a fifth of that of decoding a photograph of 640 × 427 pixels. A file that took longer
 * than this came from a disk: then threads read the next ones, several at a time.
 */
const SLOW_MS = 2;

/** Files that threads read after a slow one. */
const AFTER_SLOW = 64;

/** Files that threads are still to read. */
let left = 0;

async function readRegularFile(path: string): Promise<Buffer> {
  if (left > 0) {
    left -= 1;
    checkRegular(path, await stat(path));
    return readFile(path);
  }
  const began = performance.now();
  checkRegular(path, statSync(path));
  const bytes = readFileSync(path);
  if (performance.now() - began > SLOW_MS) left = AFTER_SLOW;
  return bytes;
}

/** Checks before opening: opening a named pipe would wait for ever. */
function checkRegular(path: string, stats: Stats): void {
  if (stats.isDirectory()) throw fault(path, IS_FOLDER);
  if (stats.isSocket()) throw fault(path, 'is a socket; give a file');
  if (!stats.isFile()) {
    const kind = stats.isFIFO() ? 'named pipe' : 'device';
    throw fault(path, `is a ${kind}; pipe its picture in, and give ${STANDARD_INPUT}`);
  }
  if (stats.size > MAX_IMAGE_BYTES) throw fault(path, IS_TOO_LARGE);
}

async function readStandardInput(): Promise<Buffer> {
  const name = nameOf(STANDARD_INPUT);
  if (process.stdin.isTTY) throw fault(name, 'is a terminal; pipe a picture in');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    length += chunk.length;
    // Throwing leaves the loop and closes the stream, so that an endless stream ends here too.
    if (length > MAX_IMAGE_BYTES) throw fault(name, IS_TOO_LARGE);
  }
  return Buffer.concat(chunks, length);
}

/** What it means that the system refuses to open or read a file, and what to do. */
async function whyUnreadable(path: string, { code, syscall }: NodeJS.ErrnoException): Promise<string> {
  switch (code) {
    case 'ENOENT': {
      const target = await readlink(path).catch(() => undefined);
      return target === undefined
        ? 'no such file; check its name'
        : `is a link to ${target}, which does not exist; name the picture itself`;
    }
    case 'ENOTDIR':
      return 'no such file: its path leads through a file as if that were a folder; check the path';
    case 'ELOOP':
      return 'is a link that leads round in a circle; name the picture itself';
    case 'ENAMETOOLONG':
      return 'has a name longer than the system allows; check it';
    case 'EISDIR':
      return IS_FOLDER;
    case 'EACCES':
    case 'EPERM': {
      // A file is looked at before it is opened. Only a folder on its path can forbid that.
      const folder = syscall === 'stat' ? await closedFolder(path) : undefined;
      return folder === undefined
        ? `cannot be read (${code}); check its permissions`
        : `cannot be read: the folder ${folder} is closed to this user (${code}); check its permissions`;
    }
    default:
      return `cannot be read (${code}); check the disk or network that it is on`;
  }
}

/** The folder on the way to a file that may not be entered; undefined if it is behind a link. */
async function closedFolder(path: string): Promise<string | undefined> {
  const isSeen = (of: string) => stat(of).then(Boolean, () => false);
  let folder = dirname(path);
  while (folder !== dirname(folder) && !(await isSeen(folder))) folder = dirname(folder);
  return (await isSeen(`${folder}/.`)) ? undefined : folder;
}

/** A UserError (data) that names the picture. */
function fault(name: string, problem: string, cause?: unknown): UserError {
  return new UserError(`${name}: ${problem}`, ExitCode.data, { cause });
}
