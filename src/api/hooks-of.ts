/** The hooks of work that a caller of the library watches. */
import type { Notice } from '../errors.ts';
import type { AnswerWatch } from '../evaluation/predict/answer-pictures.ts';
import { openRuntime } from '../runtime/open.ts';
import type { Hooks, Watch } from './watch.ts';

/** Hooks that call what the caller gave. */
export function hooksOf({ signal, onProgress, onNotice }: Watch): Hooks {
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
