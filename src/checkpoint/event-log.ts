/** The log of a run: a JSON object a line, in the order in which things happened. */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { ExitCode, UserError } from '../errors.ts';
import { writeFailure, writeFileAtomically } from './atomic-file.ts';

export class EventLog {
  readonly #path: string;
  readonly #descriptor: number;
  /** Bytes that are not known to be on the disk. */
  #unsynced = 0;

  private constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  /**
   * Opens a log to go on with, or a new one.
   * @param belongs whether an event stays; from the first that does not, everything is cut off; default: all stay
   * @throws {UserError} exit 5 naming the file, also where it is a symbolic link
   */
  static async open(path: string, belongs: (event: Readonly<Record<string, unknown>>) => boolean = () => true) {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
    let descriptor: number;
    try {
      descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o666);
      // A named pipe would be read without end.
      if (!fstatSync(descriptor).isFile()) throw Object.assign(new Error(), { code: 'not a file' });
      const text = readFileSync(descriptor, 'utf8');
      const kept = linesThatBelong(text, belongs);
      if (kept.length < text.length) {
        closeSync(descriptor);
        const bytes = Buffer.from(kept);
        await writeFileAtomically(path, [bytes], { size: bytes.length });
        descriptor = openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW);
      }
    } catch (error) {
      if (error instanceof UserError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(`${path}: cannot be written to as a log (${code}); move it away`, ExitCode.io, {
        cause: error,
      });
    }
    return new EventLog(path, descriptor);
  }

  /** @throws {UserError} exit 5, and the event may be cut: such a line is left out when the log is opened again */
  append(event: Readonly<Record<string, unknown>>): void {
    const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
    this.#unsynced += bytes.length;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    } catch (error) {
      throw writeFailure(this.#path, bytes.length, error);
    }
  }

  /**
   * What was appended is then on the disk.
   * @throws {UserError} exit 5
   */
  sync(): void {
    try {
      fsyncSync(this.#descriptor);
    } catch (error) {
      throw writeFailure(this.#path, this.#unsynced, error);
    }
    this.#unsynced = 0;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The text up to the first event that does not belong; a last line that was cut by a kill never does. */
function linesThatBelong(text: string, belongs: (event: Readonly<Record<string, unknown>>) => boolean): string {
  let kept = 0;
  while (kept < text.length) {
    const end = text.indexOf('\n', kept) + 1;
    if (end === 0 || !stays(text.slice(kept, end), belongs)) break;
    kept = end;
  }
  return text.slice(0, kept);
}

/** A whole line that is none of ours is left to whoever wrote it. */
function stays(line: string, belongs: (event: Readonly<Record<string, unknown>>) => boolean): boolean {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event !== 'object' || event === null || belongs(event as Record<string, unknown>);
  } catch {
    return true;
  }
}
