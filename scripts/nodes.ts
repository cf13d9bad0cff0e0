/** Programs that npm fetches into the cache: Node in several versions, and npm itself. */
import { join } from 'node:path';
import { cachedFolder } from '../src/setup/cache.ts';
import { type CommandResult, runCommand } from '../src/setup/run-command.ts';

/**
 * Fetches a Node from npm into the cache.
 *
 * @returns the path of its executable
 * @throws Error if npm cannot fetch it
 */
export async function fetchNode(version: string, signal: AbortSignal): Promise<string> {
  return join(await fetchProgram(`node-${process.platform}-${process.arch}`, version, 'nodes', signal), 'bin', 'node');
}

/**
 * Fetches a package without dependencies from npm into the cache.
 *
 * @param kind folder of the cache
 * @returns the folder of the package
 * @throws Error if npm cannot fetch it
 */
export async function fetchProgram(name: string, version: string, kind: string, signal: AbortSignal): Promise<string> {
  const folder = await cachedFolder(`${kind}/${version}`, async (target) => {
    const options = ['--prefix', target, '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'];
    const result = await runCommand('npm', ['install', ...options, `${name}@${version}`], signal);
    if (result.code !== 0) throw new Error(`npm could not fetch ${name}@${version}: ${failure(result)}`);
  });
  return join(folder, 'node_modules', name);
}

/** Last line of a failed program's standard error, and how the program ended. */
export function failure({ code, killedBy, stderr }: CommandResult): string {
  return `${stderr.trim().split('\n').at(-1)} (${killedBy ?? `exit ${code}`})`;
}
