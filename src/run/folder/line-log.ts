/** A file that grows by lines while a run trains, and is cut back when the run resumes from an earlier position. */
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { writeFailure, writeFileAtomically } from '../../checkpoint/atomic-file.ts';
import { ExitCode, UserError } from '../../errors.ts';

/** How rows become lines, and which lines stay when the file is opened again. */
interface LineFormat<Row> {
  /** First line of a new file; default: none. */
  readonly header?: string;
  /**
   * Turns a row into a line, without the line break.
   *
   * @param header the file's first line, which an older version may have written; undefined if `header` is
   */
  readonly write: (row: Row, header: string | undefined) => string;
  /** Whether a line stays. The first that does not is cut off with all that follows it. */
  readonly belongs: (line: string) => boolean;
}

/** A log that is open for appending. */
export class LineLog<Row> {
  #path: string;
  readonly #descriptor: number;
  readonly #format: LineFormat<Row>;
  readonly #header: string | undefined;
  /** Bytes appended since the last sync. */
  #unsynced = 0;

  private constructor(path: string, descriptor: number, format: LineFormat<Row>, header: string | undefined) {
    this.#header = header;
    this.#path = path;
    this.#descriptor = descriptor;
    this.#format = format;
  }

  /**
   * Opens a log to append to, cut back to the lines that belong; creates it if it is missing.
   *
   * @throws UserError (io) naming the file; a symbolic link is refused too
   */
  static async open<Row>(path: string, format: LineFormat<Row>): Promise<LineLog<Row>> {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;
    let descriptor: number;
    let kept: string;
    try {
      descriptor = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o666);
      // Only a file is read: reading a named pipe never ends.
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
    const header = format.header && (kept === '' ? format.header : kept.slice(0, kept.indexOf('\n')));
    const log = new LineLog(path, descriptor, format, header);
    if (kept === '' && header !== undefined) log.#append(header);
    return log;
  }

  /** @throws UserError (io) if the row could not be written; `open` removes a line that was written in part */
  append(row: Row): void {
    this.#append(this.#format.write(row, this.#header));
  }

  /**
   * Flushes all appended rows to the disk.
   *
   * @throws UserError (io) if the disk refuses them
   */
  sync(): void {
    try {
      fsyncSync(this.#descriptor);
    } catch (error) {
      throw writeFailure(this.#path, this.#unsynced, error);
    }
    this.#unsynced = 0;
  }

  /** Tells the log that its file was moved to another path, for its messages. */
  movedTo(path: string): void {
    this.#path = path;
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

/**
 * The text up to the first line that does not belong. A last line without its end was cut by a kill, and does not
 * belong.
 */
function linesThatBelong(text: string, belongs: (line: string) => boolean): string {
  let kept = 0;
  while (kept < text.length) {
    const end = text.indexOf('\n', kept);
    if (end < 0 || !belongs(text.slice(kept, end))) break;
    kept = end + 1;
  }
  return text.slice(0, kept);
}
