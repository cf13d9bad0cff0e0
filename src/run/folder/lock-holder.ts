/** The process that a lock names: who it is, where it runs, and, if it runs here, whether it lives. */
import { isAlive, type ProcessSpace, processSpace, startTime } from '../../processes.ts';

/** The holder of a lock. Without a host it was named by an earlier version of this tool. */
interface Holder extends Partial<ProcessSpace> {
  readonly pid: number;
  readonly started?: number;
  /** When it took the lock, by its own clock. */
  readonly since: string;
}

/** The text of a lock that this process takes. */
export function holderText(now: Date): string {
  const holder: Holder = {
    pid: process.pid,
    started: startTime(process.pid),
    since: now.toISOString(),
    ...processSpace(),
  };
  return JSON.stringify(holder);
}

/** The holder that a lock's text names; undefined if it names none. */
export function holderOf(text: string): Holder | undefined {
  try {
    const { pid, started, since, host, boot, namespace } = JSON.parse(text);
    if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
    return { pid, started, since: String(since), ...(typeof host === 'string' ? { host, boot, namespace } : {}) };
  } catch {
    return undefined;
  }
}

/**
 * Whether a holder's process id means nothing here, because another machine or another container counts it. Hosts may
 * share a name, and the containers of a machine share its boot id: only all three together tell.
 */
export function isForeign({ host, boot, namespace }: Holder): boolean {
  if (host === undefined) return false;
  const here = processSpace();
  return host !== here.host || boot !== here.boot || namespace !== here.namespace;
}

/**
 * Whether a holder that is not foreign is this process, perhaps on another of its threads. An earlier process may have
 * had its id, because ids repeat when a container starts again: then the start times differ, where they are known.
 */
export function isThisProcess({ pid, started }: Holder): boolean {
  const own = startTime(process.pid);
  return pid === process.pid && (started === undefined || own === undefined || started === own);
}

/** Whether a holder that is neither foreign nor this process is running. */
export function isRunning({ pid, started }: Holder): boolean {
  if (!isAlive(pid)) return false;
  const timesAreKnown = started !== undefined && startTime(process.pid) !== undefined;
  return !timesAreKnown || startTime(pid) === started;
}

/** A holder in words. */
export function describeHolder(holder: Holder): string {
  const { pid, host, boot } = holder;
  if (!isForeign(holder)) return isThisProcess(holder) ? 'this process' : `process ${pid}`;
  const sameMachine = boot !== undefined && boot === processSpace().boot;
  return sameMachine ? `process ${pid} in another container (host ${host})` : `process ${pid} on host ${host}`;
}
