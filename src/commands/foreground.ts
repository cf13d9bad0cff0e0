/** Whether this process has its terminal to itself, or runs in the background of a shell's jobs (`&`, `bg`). */
import { readFileSync } from 'node:fs';

/**
 * Whether the terminal's foreground is this process's group. Without a terminal of its own, and on systems without
 * /proc, no shell can be asked: then it counts as the foreground.
 */
export function isInForeground(): boolean {
  let status: string;
  try {
    status = readFileSync('/proc/self/stat', 'utf8'); // 20 µs; Node has no tcgetpgrp
  } catch {
    return true;
  }
  // Fields are counted from the program's name, which stands in brackets and may hold anything.
  const [, , group, , , foreground] = status.slice(status.lastIndexOf(')') + 2).split(' ');
  return foreground === '-1' || foreground === group;
}
