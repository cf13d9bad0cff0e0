/** Child processes that a signal to the set-up ends too. */
import { spawn } from 'node:child_process';

/** What a child process printed and how it ended: by itself with `code`, or by `killedBy`. */
export interface CommandResult {
  code: number | null;
  killedBy: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program without a shell and without standard input.
 *
 * @param environment the child's whole environment
 * @throws Node's ENOENT error where there is no such program, and `signal.reason` once the signal is aborted
 */
export function runCommand(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // A process group of its own: a compiler driver's or pip's children have to end with it. SIGKILL, because all that
    // a child leaves behind lies in a temporary folder that is removed next.
    const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
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

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return; // it never started
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended
  }
}
