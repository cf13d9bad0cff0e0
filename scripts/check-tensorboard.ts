/**
 * `npm run check:tensorboard`: trains a small run with --tensorboard, resumes it from its first epoch, and reads its
 * event files with TensorBoard's own loader. pip fetches TensorBoard into the cache. The last line
 * counts the check.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder, withTemporaryFolder } from './cache.ts';
import { requirePip } from './download.ts';
import { runCommand } from './run-command.ts';

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const REQUIREMENTS = pathOf('scripts/tensorboard-requirements.txt');
const SMALL = [
  '--width',
  '8',
  '--no-compile',
  '--batch-size',
  '16',
  '--limit-train',
  '200',
  '--limit-val',
  '64',
  '--log-interval',
  '1',
];

const { signal } = interruption();

function interruption(): AbortController {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort(new Error('interrupted')));
  return controller;
}

/**
 * Runs a program.
 *
 * @returns its standard output
 * @throws Error with the last line of its standard error if it fails
 */
async function outputOf(program: string, words: readonly string[], environment = process.env): Promise<string> {
  const { code, stdout, stderr } = await runCommand(program, words, signal, environment);
  if (code === 0) return stdout;
  throw new Error(`${program} ${words[0]} failed: ${stderr.trim().split('\n').at(-1)}`);
}

/** Fetches TensorBoard into a folder of the cache, one for each version of Python, and returns the folder's path. */
async function fetchTensorBoard(): Promise<string> {
  await requirePip(signal);
  const python = await outputOf('python3', ['--version']);
  const name = createHash('sha256').update(python).update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  return cachedFolder(`tensorboard/${name}`, async (target) => {
    await outputOf('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, '--requirement', REQUIREMENTS]);
  });
}

async function check(run: string): Promise<void> {
  const resnet = (...words: string[]) => outputOf(process.execPath, [pathOf('bin/resnet.js'), 'train', ...words]);
  await resnet(...SMALL, '--epochs', '2', '--tensorboard', '--checkpoint-dir', run);
  const [first = ''] = readdirSync(join(run, 'tensorboard'));
  const sizeOfFirst = () => statSync(join(run, 'tensorboard', first)).size;
  const before = sizeOfFirst();
  // A run of 3 epochs has another schedule, so the records of the second epoch are no longer valid.
  await resnet('--resume', join(run, 'last.previous.safetensors'), '--epochs', '3');
  if (sizeOfFirst() >= before) throw new Error('the second epoch was not cut off the event file');
  const environment = { ...process.env, PYTHONPATH: await fetchTensorBoard() };
  process.stdout.write(await outputOf('python3', [pathOf('scripts/check_tensorboard.py'), run], environment));
}

const failed = await withTemporaryFolder(check).then(
  () => false,
  (error: Error) => {
    process.stderr.write(`check:tensorboard: ${error.message}\n`);
    return true;
  },
);
process.stdout.write(failed ? '0 passed, 1 failed\n' : '1 passed, 0 failed\n');
if (failed) process.exitCode = 1;
