/** Facts about other processes on this machine. */
import { readFileSync } from 'node:fs';

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
 * @returns undefined if there is no such process, or no /proc (proc_pid_stat(5), field 22)
 */
export function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, , ...fields] = stat.slice(stat.lastIndexOf(')')).split(' '); // the name before `)` can hold any character
    return Number(fields[18]);
  } catch {
    return undefined;
  }
}
