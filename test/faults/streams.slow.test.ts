/** Readers that leave, that are slow or absent, and terminals that want no escapes. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { BINARY, command, type Finished, PRESS_CTRL_C, resnet } from '../support/resnet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { SAVED } from './run-folder.ts';
import { noTensorFlow, SMALL_RUN } from './small-run.ts';

const folder = temporaryFolder();

/** Runs a line of Bash in which `resnet` is the tool; the line fails if any part of a pipe does. */
function bash(line: string, words: readonly string[] = []): Promise<Finished> {
  const script = `set -o pipefail; resnet() { "$NODE" "$BINARY" "$@"; }; ${line}`;
  return command(['bash', '-c', script, 'bash', ...words], { NODE: process.execPath, BINARY });
}

const exited = ({ code, stderr }: Finished) => `exit ${code}, ${stderr === '' ? 'nothing on standard error' : stderr}`;

describe('a reader that leaves', () => {
  testFault('summary | head -1', 'exit 0, nothing on standard error', async (see) => {
    const finished = await bash('resnet summary | head -1');
    see(exited(finished));
    expect(finished).toEqual({ code: 0, stdout: expect.stringMatching(/^Layer .*\n$/), stderr: '' });
  });

  testFault('more than a pipe holds, to a reader of one byte', 'exit 0, nothing on standard error', async (see) => {
    const finished = await bash('resnet summary --depth 152 --json | head -c 1');
    see(exited(finished));
    expect(finished).toEqual({ code: 0, stdout: '{', stderr: '' });
  });

  testFault('help without a reader', 'exit 0, nothing on standard error', async (see) => {
    const finished = await bash('resnet train --help | true');
    see(exited(finished));
    expect(finished).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  testFault(
    'train | head -1',
    'it trains to its end and saves: exit 0',
    async (see) => {
      const output = join(folder, 'head');
      const finished = await bash('resnet "$@" | head -1', [...SMALL_RUN, '--checkpoint-dir', output]);
      see(`${exited(finished)}, saved ${readdirSync(output).join(' ')}`);
      expect(finished).toEqual({ code: 0, stdout: expect.stringMatching(/^backend .*\n$/), stderr: '' });
      expect(readdirSync(output).sort()).toEqual(SAVED);
    },
    { skip: noTensorFlow },
  );
});

testFault('JSON larger than a pipe’s buffer, to a slow reader', 'every byte arrives', async (see) => {
  const words = ['summary', '--depth', '152', '--json'];
  const [slow, quick] = await Promise.all([bash('resnet "$@" | (sleep 1; cat)', words), resnet(words)]);
  see(`${slow.stdout.length} of ${quick.stdout.length} characters`);
  expect(quick.stdout.length).toBeGreaterThan(2 ** 16);
  expect(slow).toEqual(quick);
});

describe('a stream that is closed from the start', () => {
  for (const [fault, line] of [
    ['standard output', 'resnet summary >&-'],
    ['standard error', 'resnet summary 2>&- >/dev/null'],
    ['all three', 'resnet summary <&- >&- 2>&-'],
  ] as const) {
    testFault(`summary with ${fault} closed`, 'exit 0', async (see) => {
      const finished = await bash(line);
      see(exited(finished));
      expect(finished).toEqual({ code: 0, stdout: '', stderr: '' });
    });
  }

  testFault('a mistake with standard error closed', 'exit 2', async (see) => {
    const finished = await bash('resnet summary --depth 19 2>&-');
    see(exited(finished));
    expect(finished).toEqual({ code: 2, stdout: '', stderr: '' });
  });

  testFault(
    'train with all three closed',
    'it trains to its end and saves: exit 0',
    async (see) => {
      const output = join(folder, 'closed');
      const finished = await bash('resnet "$@" <&- >&- 2>&-', [...SMALL_RUN, '--checkpoint-dir', output]);
      see(`${exited(finished)}, saved ${readdirSync(output).join(' ')}`);
      expect(finished).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(readdirSync(output).sort()).toEqual(SAVED);
    },
    { skip: noTensorFlow },
  );
});

describe('escapes', () => {
  const ESCAPE = '\u001b';
  const COLOUR = `${ESCAPE}[36m`;
  const plain = { TERM: 'xterm-256color', CI: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined };

  /** Trains in a terminal of 24 rows and 80 columns. */
  async function trainInTerminal(environment: NodeJS.ProcessEnv): Promise<string> {
    const words = [...SMALL_RUN, '--dry-run'];
    const finished = await command(['python3', PRESS_CTRL_C, '(never printed)', process.execPath, BINARY, ...words], {
      ...plain,
      ...environment,
    });
    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining('dry run: validation loss') });
    return finished.stdout;
  }

  const skip = noTensorFlow;

  testFault(
    'a terminal that takes everything',
    'a coloured line that is redrawn',
    async (see) => {
      const text = await trainInTerminal({});
      see(text.includes(COLOUR) ? 'a coloured line that is redrawn' : 'none');
      expect(text).toContain(COLOUR);
    },
    { skip },
  );

  for (const environment of [{ CI: '1' }, { TERM: 'dumb' }]) {
    testFault(
      `a terminal with ${Object.keys(environment)[0]} set to ${Object.values(environment)[0]}`,
      'no escapes, and lines of progress',
      async (see) => {
        const text = await trainInTerminal(environment);
        see(text.includes(ESCAPE) ? 'escapes' : 'no escapes, and lines of progress');
        expect(text).not.toContain(ESCAPE);
        expect(text).toMatch(/^Train Epoch: 1 \[0\/16 \(0%\)\]\tTrain Loss: /m);
      },
      { skip },
    );
  }

  testFault(
    'a terminal with NO_COLOR set',
    'a line that is redrawn, without colours',
    async (see) => {
      const text = await trainInTerminal({ NO_COLOR: '1' });
      see(text.includes(COLOUR) ? 'colours' : 'a line that is redrawn, without colours');
      expect(text).toContain('epoch 1/1');
      expect(text.split(ESCAPE).filter((rest) => /^\[[\d;]*m/.test(rest))).toEqual([]);
    },
    { skip },
  );

  testFault('pipes in place of a terminal, FORCE_COLOR unset', 'no escapes', async (see) => {
    const runs = await Promise.all(
      [['summary'], ['--help'], ['summary', '--depth', '19'], ['eval', '--checkpoint', 'none']].map((words) =>
        resnet(words, plain),
      ),
    );
    const text = runs.map(({ stdout, stderr }) => stdout + stderr).join('');
    see(text.includes(ESCAPE) ? 'escapes' : 'no escapes');
    expect(text).not.toContain(ESCAPE);
  });
});
