/** Runs npm, also from a script of npm, whose settings for this clone must not reach the npm that it starts. */
import { type CommandResult, runCommand } from '../../src/setup/run-command.ts';

/** Settings of the clone's `.npmrc`: npm hands them on to its scripts in the environment. */
const OF_THE_CLONE = /^npm_config_(ignore_scripts|omit_lockfile_registry_resolved|pack_destination|save_exact)$/i;

/**
 * Runs npm.
 *
 * @param words its arguments
 * @param folder its current folder
 */
export function npm(words: readonly string[], folder: string, signal: AbortSignal): Promise<CommandResult> {
  const environment = Object.entries(process.env).filter(([name]) => !OF_THE_CLONE.test(name));
  return runCommand('npm', words, signal, Object.fromEntries(environment), folder);
}
