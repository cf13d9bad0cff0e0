/** A file of the cache in the making: no reader sees it before it is whole, and nothing is left of it if it never is. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/** A file under a temporary name. Either `finish` or `discard` must be called; the handle is the caller's to close. */
export class UnfinishedFile {
  readonly handle: FileHandle;
  readonly #path: string;
  readonly #temporary: string;
  readonly #removeAtExit = () => rmSync(this.#temporary, { force: true });

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.handle = handle;
    process.once('exit', this.#removeAtExit); // a second Ctrl-C ends the process at once
  }

  /**
   * Begins a file, to be written and read.
   *
   * @param path its name once it is whole, in a folder that is there
   * @throws Node's system error
   */
  static async create(path: string): Promise<UnfinishedFile> {
    const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
    return new UnfinishedFile(path, temporary, await open(temporary, 'wx+'));
  }

  /**
   * Gives the file its name, without fsync: what a power cut loses is seen by the sums, and made anew.
   *
   * @throws Node's system error
   */
  async finish(): Promise<void> {
    await rename(this.#temporary, this.#path);
    process.off('exit', this.#removeAtExit);
  }

  /** Removes what was written; after `finish` it does nothing. */
  async discard(): Promise<void> {
    process.off('exit', this.#removeAtExit);
    await rm(this.#temporary, { force: true }).catch(() => {});
  }
}
