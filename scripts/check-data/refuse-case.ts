/** Gives a data set to `resnet train`, which should refuse it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode } from '../../src/errors.ts';
import { runCommand } from '../../src/setup/run-command.ts';
import type { Case } from './case.ts';
import type { RefusedResult } from './result.ts';

/** What the command line needs besides the data set. */
export interface Trainer {
  /** Path of bin/resnet.js. */
  readonly program: string;
  /** Folder of the data sets. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Trains on a data set with a fault; expects exit code 3 and a message of one line that holds the sentence. */
export async function refuseCase(
  { path, choice, ...rest }: Case,
  sentence: string,
  { program, folder, signal }: Trainer,
): Promise<RefusedResult> {
  const run = join(folder, 'run');
  const words = ['train', '--data-dir', path, '--checkpoint-dir', run, '--epochs', '1'];
  if (choice.classes !== undefined) words.push('--classes', String(choice.classes));
  if (choice.classNames !== undefined) {
    const names = join(folder, 'names.txt');
    mkdirSync(folder, { recursive: true });
    writeFileSync(names, choice.classNames.join('\n'));
    words.push('--class-names', names);
  }
  const { code, stderr } = await runCommand(process.execPath, [program, ...words], signal);
  const lines = stderr.trim().split('\n');
  const message = lines
    .at(-1)!
    .replaceAll(`${folder}/`, '')
    .replace(/^resnet: /, '');
  const faults = [
    ...(code === ExitCode.data ? [] : [`ended with ${code}`]),
    ...(message.includes(sentence) ? [] : [`expected "${sentence}"`]),
  ];
  return { ...rest, kind: 'refused', exitCode: code, message, faults };
}
