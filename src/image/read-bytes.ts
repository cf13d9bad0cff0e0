/** The bytes of a file or of standard input, never more than a picture may have. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ExitCode, UserError } from '../errors.ts';

/** Stands for standard input among paths, as it does for `cat`. */
export const STANDARD_INPUT = '-';

/** Of one picture: several times what a camera's JPEG has. */
export const MAX_IMAGE_MIB = 64;
const MAX_IMAGE_BYTES = MAX_IMAGE_MIB * 2 ** 20;

/** How a picture is called in messages. */
export function nameOf(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

/**
 * @param path of a file, or `STANDARD_INPUT`, which is read to its end
 * @throws UserError (data) where there is no such file, or none that can be read, or where it is empty or too large
 */
export async function readImageBytes(path: string): Promise<Buffer> {
  const name = nameOf(path);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of path === STANDARD_INPUT ? standardInput() : await openFile(path)) {
      chunks.push(chunk);
      length += chunk.length;
      // Leaving the loop closes the stream: nothing waits for the end of an endless one.
      if (length > MAX_IMAGE_BYTES) throw fault(name, `has more than ${MAX_IMAGE_MIB} MiB; give a smaller picture`);
    }
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(name, error as NodeJS.ErrnoException);
  }
  if (length === 0) throw fault(name, 'is empty');
  return Buffer.concat(chunks, length);
}

async function openFile(path: string): Promise<Readable> {
  const stats = await stat(path);
  if (stats.isDirectory()) throw fault(path, 'is a folder; name the pictures in it');
  // Asked before opening: a named pipe would wait for ever.
  if (!stats.isFile()) throw fault(path, `is a device; pipe its picture in, and give ${STANDARD_INPUT}`);
  return createReadStream(path);
}

function standardInput(): Readable {
  if (process.stdin.isTTY) throw fault(nameOf(STANDARD_INPUT), 'is a terminal; pipe a picture in');
  return process.stdin;
}

function unreadable(name: string, error: NodeJS.ErrnoException): UserError {
  if (error.code === 'ENOENT') return fault(name, 'no such file', error);
  return fault(name, `cannot be read (${error.code}); check its permissions`, error);
}

function fault(name: string, problem: string, cause?: unknown): UserError {
  return new UserError(`${name}: ${problem}`, ExitCode.data, { cause });
}
