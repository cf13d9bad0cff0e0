/** Shows on the live line how far the pictures of a data set are read. */
import type { LoadHooks, LoadProgress } from '../dataset/load.ts';
import type { Notice } from '../errors.ts';
import { printable } from '../printable.ts';
import { loadingLine } from '../report/progress-line.ts';
import type { LiveLine } from './live-line.ts';
import { screen } from './terminal.ts';

/** Hooks of `loadDataset` that write to the live line. */
export function loadHooks(live: LiveLine, signal?: AbortSignal): LoadHooks & { readonly notice: Notice } {
  return { signal, notice: (message) => live.note(`${printable(message)}\n`), onProgress: loadingOn(live) };
}

/** Shows on the live line how far the pictures are read, and how long the rest will take. */
export function loadingOn(live: LiveLine): (progress: LoadProgress) => void {
  let began: number | undefined;
  let doing: string | undefined;
  return (progress) => {
    if (progress.doing !== doing) began = performance.now();
    doing = progress.doing;
    const seconds = (performance.now() - (began ?? 0)) / 1000;
    live.update(loadingLine(progress, seconds, { ...screen(), width: live.width }));
  };
}
