/** Runs programs as child processes, which end when set-up is interrupted. */
import { spawn } from 'node:child_process';

/** The output of a child process and how it ended. */
export interface CommandResult {
  /** Exit code; null if a signal killed the process. */
  code: number | null;
  /** The signal that killed the process; null if it exited by itself. */
  killedBy: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program without a shell and without standard input.
 *
 * @param signal kills the program and its children when it is aborted
 * @param environment the child's whole environment; default: that of this process
 * @param folder the child's current folder; default: that of this process
 * @throws Node's ENOENT error if there is no such program; `signal.reason` after an abort
 */
export function runCommand(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
  folder?: string,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // The child gets a process group of its own, so that the children of a compiler or of pip are killed with it.
    // SIGKILL is safe: the child's files are in a temporary folder, which is removed next.
    const child = spawn(program, args, {
      env: environment,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const kill = () => killGroup(child.pid);
    signal.addEventListener('abort', kill, { once: true });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', kill);
      if (signal.aborted) reject(signal.reason);
      else resolve({ code, killedBy, stdout, stderr });
    });
  });
}

/** Kills all processes of a group. */
function killGroup(leader: number | undefined): void {
  if (leader === undefined) return; // the program did not start
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: the group has just ended
  }
}
