/** Writes a file piece by piece under a temporary name: under its own name it is whole, or not there. */
import { rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../errors.ts';
import { syncFolder, temporaryPath, writeAll, writeFailure } from './atomic-file.ts';

/** A file that is being written. Either `finish` or `discard` must be called. */
export class AtomicStream {
  readonly #path: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #removeAtExit = () => rmSync(this.#temporary, { force: true });
  #size = 0;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
    process.once('exit', this.#removeAtExit); // a second Ctrl-C ends the process at once
  }

  /**
   * Begins a file.
   *
   * @throws UserError (io) if none can be written there
   */
  static async open(path: string): Promise<AtomicStream> {
    const temporary = temporaryPath(path);
    try {
      return new AtomicStream(path, temporary, await open(temporary, 'wx'));
    } catch (error) {
      throw failure(path, 0, error);
    }
  }

  /** @throws UserError (io) */
  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    try {
      await writeAll(this.#handle, bytes, this.#size);
    } catch (error) {
      throw failure(this.#path, this.#size + bytes.length, error);
    }
    this.#size += bytes.length;
  }

  /**
   * Ends the file, and gives it its name. A file that has the name is replaced.
   *
   * @throws UserError (io)
   */
  async finish(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#path);
      process.off('exit', this.#removeAtExit);
      await syncFolder(dirname(this.#path));
    } catch (error) {
      throw failure(this.#path, this.#size, error);
    }
  }

  /** Removes what was written; after `finish` it does nothing. */
  async discard(): Promise<void> {
    process.off('exit', this.#removeAtExit);
    await this.#handle.close().catch(() => {});
    await rm(this.#temporary, { force: true }).catch(() => {});
  }
}

function failure(path: string, size: number, error: unknown): Error {
  return error instanceof UserError ? error : writeFailure(path, size, error);
}
