/** What the checks that run Python share: they fetch libraries by pip, run programs, and end when they are interrupted. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder } from '../src/setup/cache.ts';
import { requirePip } from '../src/setup/download.ts';
import { runCommand } from '../src/setup/run-command.ts';

/** Aborted by Ctrl-C, or when the process is asked to end. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort(new Error('interrupted')));
  return controller.signal;
}

/**
 * Runs a program.
 *
 * @param environment default: that of this process
 * @param folder its current folder; default: that of this process
 * @returns its standard output
 * @throws Error with the last line of its standard error if it fails
 */
export async function outputOf(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
  environment = process.env,
  folder?: string,
): Promise<string> {
  const { code, stdout, stderr } = await runCommand(program, words, signal, environment, folder);
  if (code === 0) return stdout;
  throw new Error(`${program} ${words[0]} failed: ${stderr.trim().split('\n').at(-1)}`);
}

/**
 * Fetches Python libraries by pip into a folder of the cache, one for each list and version of Python.
 *
 * @param requirements path of the file that lists them
 * @param options more options of `pip install`
 * @returns the environment in which Python finds them
 * @throws Error with pip's last line if it fails
 */
export async function fetchLibraries(
  requirements: string,
  signal: AbortSignal,
  options: readonly string[] = [],
): Promise<NodeJS.ProcessEnv> {
  await requirePip(signal);
  const python = await outputOf('python3', ['--version'], signal);
  const name = createHash('sha256').update(python).update(readFileSync(requirements)).digest('hex').slice(0, 16);
  // dill, which datasets stores functions with, takes a library for the user's own code unless its path says this word.
  const target = 'site-packages';
  const folder = await cachedFolder(`python/${name}`, async (content) => {
    const install = ['-m', 'pip', 'install', '--quiet', '--target', join(content, target)];
    await outputOf('python3', [...install, ...options, '--requirement', requirements], signal);
  });
  return { ...process.env, PYTHONPATH: join(folder, target) };
}
