/** What a launcher and the workers that it has started tell each other, over the channel that Node gives a child. */

/** Environment variable of a launched worker: how many workers there are. */
export const LAUNCHED_VARIABLE = 'RESNET_LAUNCHED';

/** The launcher to a worker: a signal has come. A second one, whatever its name, ends the process at once. */
export interface Press {
  readonly press: NodeJS.Signals;
  readonly again: boolean;
}

/** Worker 0 to the launcher: what of the run is kept if this worker ends now, in words. */
export interface Kept {
  readonly kept: string;
}

/** Number of workers that this process's launcher has started; undefined if no launcher has started it. */
export function launchedWorkers(): number | undefined {
  const count = Number(process.env[LAUNCHED_VARIABLE]);
  return process.send !== undefined && Number.isSafeInteger(count) && count > 1 ? count : undefined;
}

/** Tells the launcher, if there is one that still runs. */
export function tellLauncher(message: Kept): void {
  if (launchedWorkers() === undefined || !process.connected) return;
  process.send?.(message, undefined, undefined, () => {}); // a launcher that has just ended is no fault here
}

/**
 * Hears the launcher: the signals that it passes on, and its end.
 *
 * @returns ends the hearing
 */
export function hearLauncher(onPress: (press: Press) => void, onEnd: () => void): () => void {
  if (launchedWorkers() === undefined) return () => {};
  const hear = (message: unknown) => {
    if (isPress(message)) onPress(message);
  };
  process.on('message', hear);
  process.on('disconnect', onEnd);
  process.channel?.unref(); // a worker that has nothing else to do ends
  if (!process.connected) onEnd();
  return () => {
    process.off('message', hear);
    process.off('disconnect', onEnd);
  };
}

function isPress(message: unknown): message is Press {
  const { press, again } = (message ?? {}) as Partial<Record<keyof Press, unknown>>;
  return typeof press === 'string' && typeof again === 'boolean';
}
