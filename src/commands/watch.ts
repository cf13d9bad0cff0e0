/** Shows the work of the library on the live line of a command. */
import type { Hooks, Progress } from '../api/watch.ts';
import { printable } from '../printable.ts';
import type { LiveLine } from './live-line.ts';
import { loadingOn } from './load-hooks.ts';
import { openWithNotice } from './open-runtime.ts';

/**
 * Hooks that show progress on the live line, and write notices beside it.
 *
 * @param yes see `openWithNotice`
 */
export function hooksOn(live: LiveLine, signal: AbortSignal, yes?: boolean): Hooks {
  const loading = loadingOn(live);
  const show = ({ doing, done, total }: Progress) => {
    if (doing === 'reading' || doing === 'decoding') loading({ doing, done, total });
    else live.update(`${doing} ${done}/${total}`);
  };
  return {
    signal,
    notice: (message) => live.note(`${printable(message)}\n`),
    onProgress: show,
    open: openerOn(live, yes),
  };
}

/**
 * Opens the backend, and says on the live line that this takes its time.
 *
 * @param yes see `openWithNotice`
 */
export function openerOn(live: LiveLine, yes?: boolean): Hooks['open'] {
  return (choice) => {
    live.update('loading the backend');
    return openWithNotice({ ...choice, yes }, live);
  };
}

/** The end of the message that work was stopped which writes nothing. */
export const nothingChanged = () => 'nothing was changed';
