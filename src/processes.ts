import { readFileSync } from 'node:fs';

/** @returns whether a process of this number runs on this machine, whoever's it is */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process was started, in clock ticks since the machine's boot: with its number it tells a process from another
 * that got the number later, as happens in containers, which count from 1 again.
 *
 * @returns undefined where it is not known: no such process, or no /proc (proc_pid_stat(5), field 22)
 */
export function startTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, , ...fields] = stat.slice(stat.lastIndexOf(')')).split(' '); // the name before it may hold anything
    return Number(fields[18]);
  } catch {
    return undefined;
  }
}
