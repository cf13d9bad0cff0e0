/**
 * `npm run check:tensorboard`: trains a small run with --tensorboard, resumes it from its first epoch, and reads its
 * event files with TensorBoard's own loader. pip fetches TensorBoard into the cache. The last line
 * counts the check.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from '../src/setup/cache.ts';
import { fetchLibraries, interruption, outputOf } from './python.ts';

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

const signal = interruption();

async function check(run: string): Promise<void> {
  const resnet = (...words: string[]) =>
    outputOf(process.execPath, [pathOf('bin/resnet.js'), 'train', ...words], signal);
  await resnet(...SMALL, '--epochs', '2', '--tensorboard', '--checkpoint-dir', run);
  const [first = ''] = readdirSync(join(run, 'tensorboard'));
  const sizeOfFirst = () => statSync(join(run, 'tensorboard', first)).size;
  const before = sizeOfFirst();
  // A run of 3 epochs has another schedule, so the records of the second epoch are no longer valid.
  await resnet('--resume', join(run, 'last.previous.safetensors'), '--epochs', '3');
  if (sizeOfFirst() >= before) throw new Error('the second epoch was not cut off the event file');
  const environment = await fetchLibraries(REQUIREMENTS, signal);
  process.stdout.write(await outputOf('python3', [pathOf('scripts/check_tensorboard.py'), run], signal, environment));
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
