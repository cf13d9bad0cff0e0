/** The log of a run: a JSON object a line, in the order in which things happened. */
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
