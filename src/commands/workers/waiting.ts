/** Shows which workers are waited for: at once on a live line, elsewhere in a line once the wait is long. */
import { printable } from '../../printable.ts';
import { waitingLine } from '../../report/progress-line.ts';
import type { LiveLine } from '../live-line.ts';

/** How long a wait is before it is worth a line in a log (ms). */
const LONG_MS = 5000;

/** @returns shows who is waited for; nobody: the wait is over */
export function waitingOn(live: LiveLine): (others: readonly string[]) => void {
  let late: NodeJS.Timeout | undefined;
  return (others) => {
    clearTimeout(late);
    if (others.length === 0) return;
    if (live.visible) return live.update(waitingLine(others, { width: live.width }));
    const line = waitingLine(others, { width: Number.POSITIVE_INFINITY });
    late = setTimeout(() => live.note(`${printable(line)}\n`), LONG_MS).unref();
  };
}
