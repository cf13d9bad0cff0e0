/** A file that grows by whole lines while a run goes on, and is cut back where the run goes on from before its end. */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { writeFailure, writeFileAtomically } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';

/** What the lines of a log are. */
export interface LineFormat<Row> {
  /** The first line; default: none. */
  readonly head?: string;
  /** A row as a line, without its end. */
  readonly write: (row: Row) => string;
  /** Whether a line stays; from the first that does not, everything is cut off. */
  readonly belongs: (line: string) => boolean;
}

export class LineLog<Row> {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #format: LineFormat<Row>;
  /** Bytes that are not known to be on the disk. */
  #unsynced = 0;

  private constructor(path: string, descriptor: number, format: LineFormat<Row>) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#format = format;
  }

  /**
   * Opens a log to go on with, or a new one.
   * @throws {UserError} exit 5 naming the file, also where it is a symbolic link
   */
  static async open<Row>(path: string, format: LineFormat<Row>): Promise<LineLog<Row>> {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
    let descriptor: number;
    let kept: string;
    try {
      descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o666);
      // A named pipe would be read without end.
      if (!fstatSync(descriptor).isFile()) throw Object.assign(new Error(), { code: 'not a file' });
      const text = readFileSync(descriptor, 'utf8');
      kept = linesThatBelong(text, format.belongs);
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
    const log = new LineLog(path, descriptor, format);
    if (kept === '' && format.head !== undefined) log.#append(format.head);
    return log;
  }

  /** @throws {UserError} exit 5, and the line may be cut: such a line is left out when the log is opened again */
  append(row: Row): void {
    this.#append(this.#format.write(row));
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

  #append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    this.#unsynced += bytes.length;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    } catch (error) {
      throw writeFailure(this.#path, bytes.length, error);
    }
  }
}

/** The text up to the first line that does not belong; a last line that was cut by a kill never does. */
function linesThatBelong(text: string, belongs: (line: string) => boolean): string {
  let kept = 0;
  while (kept < text.length) {
    const end = text.indexOf('\n', kept);
    if (end < 0 || !belongs(text.slice(kept, end))) break;
    kept = end + 1;
  }
  return text.slice(0, kept);
}
