/** Reads files of data sets from disk: their names, their sizes and ranges of bytes, with every fault as one line. */
import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { ExitCode, UserError } from '../../errors.ts';
import { printable } from '../../printable.ts';
import { compareCodePoints } from './code-points.ts';

/** Most bytes that one call of the system reads. */
const CALL_BYTES = 2 ** 30;

/** @returns a UserError (data): `WHERE: WHAT`, in which nothing can break the line */
export function dataFault(where: string, what: string, cause?: unknown): UserError {
  return new UserError(printable(`${where}: ${what}`), ExitCode.data, { cause });
}

/** The fault of a text that is not in UTF-8, such as one in Windows's own code: its letters would be lost. */
export function encodingFault(path: string, cause: unknown): UserError {
  return dataFault(path, 'is no text in UTF-8; save it as UTF-8', cause);
}

/** Throws the fault of a file that the system does not let us read. */
function cannotBeRead(path: string, error: unknown): never {
  if (error instanceof UserError) throw error;
  const { code } = error as NodeJS.ErrnoException;
  const advice = code === 'ENOENT' ? 'no such file; check the path' : `cannot be read (${code}); check its permissions`;
  throw dataFault(path, advice, error);
}

/**
 * Names of the things in a folder, by code points. Names that begin with a dot, which systems leave behind, are left out.
 *
 * @param kind whether files or folders are named; links are named in any case
 * @returns no names if the path is no folder, or cannot be read
 */
export async function namesIn(path: string, kind: 'files' | 'folders'): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch {
    return [];
  }
  const wanted = entries.filter(
    (each) => each.isSymbolicLink() || (kind === 'files' ? each.isFile() : each.isDirectory()),
  );
  const names = wanted.map(({ name }) => name).filter((name) => !name.startsWith('.'));
  return names.sort(compareCodePoints);
}

/**
 * Size of a regular file in bytes. A named pipe or a device is refused before it is opened, which could wait for ever.
 *
 * @throws UserError (data) if there is none, or it is no regular file
 */
export async function fileBytes(path: string): Promise<number> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw dataFault(path, `is ${stats.isDirectory() ? 'a folder' : 'a device'}; give a file`);
    return stats.size;
  } catch (error) {
    return cannotBeRead(path, error);
  }
}

/**
 * Memory for what a file declares to hold.
 *
 * @param most see `Limits`
 * @throws UserError (data) if that is more than allowed, or than the machine has
 */
export function allocate(bytes: number, most: number, where: string): Buffer<ArrayBuffer> {
  if (!(bytes <= most)) throw dataFault(where, `holds ${bytes} bytes, at most ${most} are read; give a smaller file`);
  try {
    return Buffer.from(new ArrayBuffer(bytes));
  } catch (error) {
    throw dataFault(where, `needs ${bytes} bytes of memory, which cannot be had; give a smaller file`, error);
  }
}

/**
 * Bytes of a file.
 *
 * @param range from `start`, `length` bytes; default: all
 * @param most most bytes that are read; see `Limits`
 * @throws UserError (data) if the file cannot be read, or ends before the range does
 */
export async function readBytes(
  path: string,
  most: number,
  range?: { readonly start: number; readonly length: number },
): Promise<Buffer<ArrayBuffer>> {
  const size = await fileBytes(path);
  const { start, length } = range ?? { start: 0, length: size };
  if (start < 0 || length < 0 || start + length > size) {
    throw dataFault(path, `holds ${size} bytes, too few to hold ${length} at ${start}; fetch it again`);
  }
  const bytes = allocate(length, most, path);
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    await readInto(bytes, file, path, start);
  } catch (error) {
    return cannotBeRead(path, error);
  } finally {
    await file?.close();
  }
  return bytes;
}

/**
 * Fills a buffer from a position of an open file.
 *
 * @throws UserError (data) if the file ends before the buffer is full; whatever the system throws
 */
export async function readInto(buffer: Buffer, file: FileHandle, path: string, position: number): Promise<void> {
  for (let at = 0; at < buffer.length; ) {
    const { bytesRead } = await file.read(buffer, at, Math.min(buffer.length - at, CALL_BYTES), position + at);
    if (bytesRead === 0) throw dataFault(path, 'became shorter while it was read; read it again');
    at += bytesRead;
  }
}
