/** How a caller watches and stops work: types of the library, and what only commands have beside them. */
import type { Notice } from '../errors.ts';
import type { Runtime, RuntimeChoice } from '../runtime/open.ts';

/** A signal that stops the work. */
export interface Stoppable {
  /** Aborting it stops the work after the present step; its reason is then thrown. */
  readonly signal?: AbortSignal;
}

/** How far some work is. */
export interface Progress {
  readonly doing: 'reading' | 'decoding' | 'evaluating' | 'classifying';
  readonly done: number;
  readonly total: number;
}

/** A signal, and a callback for what the user should know. */
export interface Told extends Stoppable {
  /** Called with what the user should know although it is no fault, in one line; default: it is not said. */
  readonly onNotice?: (message: string) => void;
}

/** Callbacks that tell how the work goes. */
export interface Watch extends Told {
  /** Called with how far the work is. */
  readonly onProgress?: (progress: Progress) => void;
}

/** The names of the settings of `Watch`. */
export const WATCH_NAMES = ['signal', 'onProgress', 'onNotice'] as const;

/** How work opens the backend, and what it tells. */
export interface Hooks {
  readonly notice: Notice;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** Opens the backend; a command sets it up first, and says so. */
  readonly open: (choice: RuntimeChoice) => Promise<Runtime>;
}
