/** Runs the real binary, as a user would. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const BINARY = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url));
export const PRESS_CTRL_C = fileURLToPath(new URL('./press-ctrl-c.py', import.meta.url));

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `resnet …words`, in the project's folder, with these changes to the environment. */
export function resnet(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return command([process.execPath, BINARY, ...words], environment);
}

/** Any command; resolves whatever its exit code. */
export function command(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const [program = '', ...rest] = words;
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  return new Promise((resolve) => {
    execFile(program, rest, { cwd: root, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** The JSON values that a command printed, one a line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
