/** The log of a run: one JSON object per line, in the order of the events. */
import { readFile, stat } from 'node:fs/promises';
import { calledAs } from '../../called-as.ts';
import { object } from '../../checkpoint/fields.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { printableJson } from '../../printable.ts';
import { LineLog } from './line-log.ts';

type LoggedEvent = Readonly<Record<string, unknown>>;

/**
 * Opens a log to append to; creates it if it is missing.
 *
 * @param belongs whether an event stays. The first that does not is cut off with all that follows it; default: all stay
 * @throws UserError (io) naming the file; a symbolic link is refused too
 */
export function openEventLog(
  path: string,
  belongs: (event: LoggedEvent) => boolean = () => true,
): Promise<LineLog<LoggedEvent>> {
  return LineLog.open(path, { write: (event) => printableJson(event), belongs: (line) => stays(line, belongs) });
}

/** Whether a line stays. A line that is not an event stays too: something else wrote it. */
function stays(line: string, belongs: (event: LoggedEvent) => boolean): boolean {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event !== 'object' || event === null || belongs(event as LoggedEvent);
  } catch {
    return true;
  }
}

/** A line of a log. */
export interface LogLine {
  /** The line's number, counted from 1. */
  readonly number: number;
  /** The line's JSON object; undefined if the line is not one. */
  readonly event: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads all whole lines of a log. A last line without its end was cut by a kill, or is still being written: it is left
 * out.
 *
 * @throws UserError (checkpoint) if the file does not exist, (io) if it cannot be read
 */
export async function readLog(path: string): Promise<LogLine[]> {
  let text: string;
  try {
    // Only a file is read: reading a named pipe never ends.
    if (!(await stat(path)).isFile()) throw Object.assign(new Error(), { code: 'not a file' });
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new UserError(
        `${path}: no such file; name the folder of a run, as \`${calledAs()} train\` makes it`,
        ExitCode.checkpoint,
      );
    }
    throw new UserError(`${path}: cannot be read (${code}); check its permissions`, ExitCode.io, { cause: error });
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => ({ number: index + 1, event: eventOf(line) }));
}

function eventOf(line: string): LogLine['event'] {
  try {
    return object(JSON.parse(line), 'event', () => {
      throw new SyntaxError('not an object');
    });
  } catch {
    return undefined;
  }
}
