/** Opens a file that may be a checkpoint, and reads from it; every failure is a `UserError`. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { calledAs } from '../called-as.ts';
import { ExitCode, UserError } from '../errors.ts';

/** Bytes of the largest file that is read or written. A ResNet-152 with Adam's moments has 0.7 GB. */
export const MAX_FILE_BYTES = 2 ** 33;

/** Bytes read by one call. More is no faster, and a call cannot read 2 GiB. */
export const READ_BYTES = 2 ** 22;

/** A file that is being read. */
export interface OpenedFile {
  readonly handle: FileHandle;
  /** The name under which messages speak of it. */
  readonly path: string;
  readonly bytes: number;
}

/**
 * Opens a file, and closes it when `work` ends.
 *
 * @throws UserError (checkpoint) if there is no such file, or it is a folder or a device; (io) if it cannot be opened
 */
export async function withFile<Result>(path: string, work: (file: OpenedFile) => Promise<Result>): Promise<Result> {
  const handle = await openFile(path);
  try {
    const bytes = (await handle.stat()).size;
    if (bytes > MAX_FILE_BYTES) {
      throw faultIn(path, `file length: ${bytes} bytes is more than any checkpoint has (${MAX_FILE_BYTES})`);
    }
    return await work({ handle, path, bytes });
  } finally {
    await handle.close();
  }
}

/**
 * Reads bytes into a new buffer.
 *
 * @throws UserError (checkpoint) if the file ends before, (io) if reading fails
 */
export async function readBytes(file: OpenedFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await readInto(buffer, file, position);
  return buffer;
}

/** Fills a buffer from a position of the file; see `readBytes`. */
export async function readInto(buffer: Buffer, { handle, path }: OpenedFile, position: number): Promise<void> {
  for (let done = 0; done < buffer.length; ) {
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(buffer, done, buffer.length - done, position + done));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: reading failed (${code}); is the disk failing?`, ExitCode.io, { cause: error });
    }
    if (bytesRead === 0) throw faultIn(path, `file length: it was cut at byte ${position + done} while being read`);
    done += bytesRead;
  }
}

/** An error about a file that is no sound checkpoint. */
export function faultIn(path: string, problem: string): UserError {
  return new UserError(`${path}: ${problem}`, ExitCode.checkpoint);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    // Checked before opening: opening a named pipe would wait for ever.
    const stats = await stat(path);
    if (!stats.isFile()) throw faultIn(path, `is ${stats.isDirectory() ? 'a folder' : 'a device'}, not a checkpoint`);
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw faultIn(path, `no such checkpoint; make one with \`${calledAs()} train\``);
    }
    throw new UserError(`${path}: cannot be read (${code}); check its permissions`, ExitCode.io, { cause: error });
  }
}
