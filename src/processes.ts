/** Facts about other processes on this machine. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where process ids have their meaning: each machine counts its own, and each container too. */
export interface ProcessSpace {
  readonly host: string;
  /** Id of the machine's start, which its containers share; undefined where the system tells none. */
  readonly boot?: string | undefined;
  /** The namespace of process ids; undefined where the system has none. */
  readonly namespace?: string | undefined;
}

/** The space of this process. */
export function processSpace(): ProcessSpace {
  return {
    host: hostname(),
    boot: known(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: known(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether a process of this id is running, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The start time of a process, in clock ticks since the machine's boot. Id and start time together identify a process;
 * the id alone does not, because ids are reused: in a container they count from 1 again.
 *
 * @returns undefined if no such process runs, or if there is no /proc of this space (proc_pid_stat(5), field 22)
 */
export function startTime(pid: number): number | undefined {
  return known(() => {
    // A container can see the /proc of another space, in which the same id is another process.
    if (readlinkSync('/proc/self') !== String(process.pid)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, state, ...fields] = stat.slice(stat.lastIndexOf(')')).split(' '); // the name before `)` can hold anything
    return state === 'Z' ? undefined : Number(fields[18]); // Z: it has ended, but its parent did not take note
  });
}

/** What the system tells; undefined if it does not. */
function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
