/** Runs the real binary, as a user would. */
import { type ExecFileException, execFile } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const BINARY = fileURLToPath(new URL('../../bin/resnet.js', import.meta.url));
/** The words by which `resnet` calls the tool: its hints repeat them. */
export const CALLED = `${process.execPath} ${BINARY}`;
const MANY_COMMAND_LINES = fileURLToPath(new URL('./many-command-lines.mjs', import.meta.url));
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

/** The result of a command, and the files in its folder after it. */
export interface Attempt extends Finished {
  readonly written: readonly string[];
}

/**
 * `resnet …words` for each of these command lines, one after the other in one process: 20 times as fast as a process for
 * each where they end at once, and TensorFlow is loaded once for all. All run in one folder, by default the project's.
 *
 * @param tool folder of the tool that runs them; default: the project's
 */
export async function resnetMany<const Lines extends readonly (readonly string[])[]>(
  commandLines: Lines,
  cwd: string = root,
  tool: string = root,
): Promise<{ -readonly [Index in keyof Lines]: Attempt }> {
  const words = [process.execPath, MANY_COMMAND_LINES, JSON.stringify(commandLines), tool];
  const { code, stdout, stderr } = await command(words, {}, cwd);
  if (code !== 0) throw new Error(`one of the command lines ended the process of all: exit ${code}, ${stderr}`);
  return JSON.parse(stdout);
}

/** Any command, in the project's folder unless another is named; resolves whatever its exit code. */
export function command(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  cwd: string = root,
): Promise<Finished> {
  const [program = '', ...rest] = words;
  const { NODE_OPTIONS: _ofJest, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  return new Promise((resolve) => {
    execFile(program, rest, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : codeOf(error), stdout, stderr });
    });
  });
}

/** The exit code as a shell reports it: 128 + n if signal n ended the command. */
function codeOf({ code, signal }: ExecFileException): number {
  if (signal) return 128 + constants.signals[signal];
  return typeof code === 'number' ? code : 1;
}

/** The JSON values that a command printed, one a line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
