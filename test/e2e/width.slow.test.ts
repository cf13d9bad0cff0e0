/** What each command prints fits 80 columns, in a pipe and in a terminal. Commands, messages of one line and Markdown are left out. */
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { digitPicture } from '../support/pictures.ts';
import { BINARY, type Finished, resnetMany } from '../support/resnet.ts';
import { describeWithTensorFlow } from '../support/runtimes.ts';
import { copySharedRun } from '../support/shared-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inTerminal } from '../support/terminal.ts';

const COLUMNS = 80;
const folder = temporaryFolder();
const everyColumn = 'name,type,kernel,output,parameters,share,live,mult-adds,weights,gradients,adam,activations,memory';

/** Lines of any width: a command, which must be copied whole, and a message. */
const FREE = /^(test it: |the best epoch is no better than chance )/;

/** Lines that are too wide; a tab ends at the next multiple of eight columns. */
function tooWide(text: string): string[] {
  const lines = stripVTControlCharacters(text).split(/\r*\n|\r/);
  return lines.filter((line) => {
    const width = [...line].reduce(
      (column, each) => (each === '\t' ? (Math.floor(column / 8) + 1) * 8 : column + 1),
      0,
    );
    return width > COLUMNS && !FREE.test(line);
  });
}

describeWithTensorFlow('in 80 columns', () => {
  beforeAll(async () => {
    await copySharedRun(join(folder, 'run'));
    await digitPicture(0).toFile(join(folder, 'digit.png'));
  });

  const quick = ['--limit-test', '100', '--no-compile'];
  const small = ['train', '--width', '2', '--limit-train', '4', '--limit-val', '2', '--batch-size', '2'];
  const astray = [...small, '--recipe', 'lesson', '--no-compile', '--lr', '10', '--checkpoint-dir', 'astray'];

  const commandLines = [
    ['summary'],
    ['summary', '--format', 'lines'],
    ['summary', '--depth', '152', '--input', '3x224x224', '--batch', '4096', '--columns', everyColumn],
    ['summary', '--depth', '152', '--input', '3x33x33', '--width', '512', '--depth-limit', '9'],
    ['verify', 'run'],
    ['eval', '--checkpoint', 'run/best.safetensors', ...quick, '--worst', '3'],
    ['predict', 'digit.png', '--checkpoint', 'run/best.safetensors', '--no-compile'],
    ['report', 'run', ...quick],
    ['train', '--resume', 'run', '--checkpoint-dir', 'run', '--no-compile'],
    ['train', '--resume', 'run', '--epochs', '3', '--lr', '0.5', '--checkpoint-dir', 'run'],
  ];
  let printed: Promise<Finished[]> | undefined;
  test.each(commandLines.map((words, index) => [words, index] as const))('%j prints', async (_, index) => {
    printed ??= resnetMany(commandLines, folder);
    const { code, stdout, stderr } = (await printed)[index] as Finished;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/./)]);
    expect(tooWide(stdout + stderr)).toEqual([]);
  });

  test('a run that goes astray prints and draws in a terminal', async () => {
    const steps = [['wait', 'loading'], ['wait', '\u001b[?25h'], ['output']] as const;
    const call = 'cd "$0" && "$@"';
    const { code, notes } = await inTerminal(['bash', '-c', call, folder, process.execPath, BINARY, ...astray], steps);
    expect(code).toBe(0);
    expect(tooWide(String(notes[0]))).toEqual([]);
  });
});
