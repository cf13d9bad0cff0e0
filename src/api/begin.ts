/** How every function of the library begins: with its settings, checked, and the hooks among them. */
import type { Notice } from '../errors.ts';
import type { AnswerWatch } from '../evaluation/predict/answer-pictures.ts';
import type { Flags } from '../flags/flag.ts';
import { openRuntime } from '../runtime/open.ts';
import { readSettings } from './settings.ts';
import { type Hooks, WATCH_NAMES, type Watch } from './watch.ts';

/** What a function begins with. */
export interface Begun<Values> {
  /** The value of every flag, its default if it is not given. */
  readonly flags: Values;
  /** The values given, under the names of flags. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly hooks: Hooks;
}

/**
 * Checks the settings of a call, and copies them.
 *
 * @param table the flags that are its settings, of which `Values` are the values
 * @param beside see `readSettings`; default: those of `Watch`
 * @throws UserError (usage) as `readSettings`; the signal's reason, if it is aborted already
 */
export function begin<Values>(
  table: Flags,
  settings: Watch,
  beside: readonly (typeof WATCH_NAMES)[number][] = WATCH_NAMES,
): Begun<Values> {
  const { values, given } = readSettings(table, settings, beside);
  const hooks = hooksOf(settings);
  hooks.signal.throwIfAborted();
  return { flags: values as unknown as Values, given, hooks };
}

/**
 * Does work at once, for a generator, whose own code runs only when its first value is asked for.
 *
 * @returns gives what the work gave, or throws what it threw
 */
export function doneNow<Result>(work: () => Result): () => Result {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Hooks that call what the caller gave. */
function hooksOf({ signal, onProgress, onNotice }: Watch): Hooks {
  const notice = (message: string) => onNotice?.(message);
  return {
    notice,
    onProgress: (progress) => onProgress?.(progress),
    signal: signal ?? new AbortController().signal,
    open: openTelling(notice),
  };
}

/** Opens the backend; what it says of itself, for example that it is the slow portable one, is a notice. */
export function openTelling(notice: Notice): Hooks['open'] {
  return async (choice) => {
    const runtime = await openRuntime(choice);
    if (runtime.notice !== undefined) notice(runtime.notice);
    return runtime;
  };
}

/** The watch of the answers to some pictures. */
export function watchOf({ signal, onProgress }: Hooks, total: number): AnswerWatch {
  return {
    signal,
    onRead: (done) => onProgress({ doing: 'reading', done, total }),
    onClassify: (done) => onProgress({ doing: 'classifying', done, total }),
  };
}
