/** The log of a run: a JSON object a line, in the order in which things happened. */
import { readFile, stat } from 'node:fs/promises';
import { object } from '../../checkpoint/fields.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { LineLog } from './line-log.ts';

type LoggedEvent = Readonly<Record<string, unknown>>;

/**
 * Opens a log to go on with, or a new one.
 * @param belongs whether an event stays; from the first that does not, everything is cut off; default: all stay
 * @throws {UserError} exit 5 naming the file, also where it is a symbolic link
 */
export function openEventLog(
  path: string,
  belongs: (event: LoggedEvent) => boolean = () => true,
): Promise<LineLog<LoggedEvent>> {
  return LineLog.open(path, { write: JSON.stringify, belongs: (line) => stays(line, belongs) });
}

/** A whole line that is none of ours is left to whoever wrote it. */
function stays(line: string, belongs: (event: LoggedEvent) => boolean): boolean {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event !== 'object' || event === null || belongs(event as LoggedEvent);
  } catch {
    return true;
  }
}

/** A line of a log: an event, or undefined where it is none. */
export interface LogLine {
  /** Counted from 1. */
  readonly number: number;
  readonly event: Readonly<Record<string, unknown>> | undefined;
}

/**
 * All lines of a log; a last line that was cut by a kill, or is being written now, is left out.
 * @throws {UserError} exit 4 if there is no such file, exit 5 if it cannot be read
 */
export async function readLog(path: string): Promise<LogLine[]> {
  let text: string;
  try {
    // A named pipe would be read without end.
    if (!(await stat(path)).isFile()) throw Object.assign(new Error(), { code: 'not a file' });
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new UserError(
        `${path}: no such file; name the folder of a run, as \`resnet train\` makes it`,
        ExitCode.checkpoint,
      );
    }
    throw new UserError(`${path}: cannot be read (${code})`, ExitCode.io, { cause: error });
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
