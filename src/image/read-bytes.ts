/** Reads a picture's bytes from a file or from standard input, up to a size limit. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ExitCode, UserError } from '../errors.ts';

/** The path that means standard input, as for `cat`. */
const STANDARD_INPUT = '-';

/** Largest size of a picture file in MiB: several times the size of a camera's JPEG. */
const MAX_IMAGE_MIB = 64;
const MAX_IMAGE_BYTES = MAX_IMAGE_MIB * 2 ** 20;

/** Name of a picture in messages. */
export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

/**
 * Reads a picture file whole.
 *
 * @param path path of a file, or `-` for standard input, which is read to its end
 * @throws UserError (data) if the file does not exist, cannot be read, is empty or is larger than 64 MiB
 */
export async function readImageBytes(path: string): Promise<Buffer> {
  const name = nameOf(path);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of path === STANDARD_INPUT ? standardInput() : await openFile(path)) {
      chunks.push(chunk);
      length += chunk.length;
      // Throwing leaves the loop and closes the stream, so that an endless stream ends here too.
      if (length > MAX_IMAGE_BYTES) throw fault(name, `has more than ${MAX_IMAGE_MIB} MiB; give a smaller picture`);
    }
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(name, error as NodeJS.ErrnoException);
  }
  if (length === 0) throw fault(name, 'is empty; give another picture');
  return Buffer.concat(chunks, length);
}

/** Opens a regular file as a stream. */
async function openFile(path: string): Promise<Readable> {
  const stats = await stat(path);
  if (stats.isDirectory()) throw fault(path, 'is a folder; name the pictures in it');
  // Check before opening: opening a named pipe would wait for ever.
  if (!stats.isFile()) throw fault(path, `is a device; pipe its picture in, and give ${STANDARD_INPUT}`);
  return createReadStream(path);
}

/** Standard input as a stream, unless it is a terminal. */
function standardInput(): Readable {
  if (process.stdin.isTTY) throw fault(nameOf(STANDARD_INPUT), 'is a terminal; pipe a picture in');
  return process.stdin;
}

/** The error for a file that the system refuses to open or read. */
function unreadable(name: string, error: NodeJS.ErrnoException): UserError {
  if (error.code === 'ENOENT') return fault(name, 'no such file; check its name', error);
  return fault(name, `cannot be read (${error.code}); check its permissions`, error);
}

/** A UserError (data) that names the picture. */
function fault(name: string, problem: string, cause?: unknown): UserError {
  return new UserError(`${name}: ${problem}`, ExitCode.data, { cause });
}
