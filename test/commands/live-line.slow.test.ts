/** Tests of the live line in terminals whose windows change, and in the background. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { inTerminal } from '../support/terminal.ts';

const module = fileURLToPath(new URL('../../dist/src/commands/live-line.js', import.meta.url));

/** A program that shows a long live line, prints a result, and goes on until Ctrl-C. */
const PROGRAM = `
  const { LiveLine } = await import(${JSON.stringify(module)});
  const live = await LiveLine.start('working '.repeat(20));
  live.print('the first result\\n');
  setTimeout(() => live.print('the second result\\n'), 1500);
  setInterval(() => {}, 1000);
  process.on('SIGINT', () => { live.stop(); process.exit(); });`;

const words = [process.execPath, '--input-type=module', '-e', PROGRAM];

/** Rows of the screen without the spinner, and without empty ones. */
function textOf(rows: string | string[] = []): string[] {
  return [rows].flat().flatMap((row) => row.replace(/^[^ -~]/, '*') || []);
}

/** The live line as a window of so many columns shows it: the last one stays free. */
function lineIn(columns: number): string {
  return `* ${'working '.repeat(20)}`.slice(0, columns - 1).trimEnd();
}

describe.each([
  ['breaks long lines into rows', false],
  ['cuts long lines', true],
])('in a terminal that %s when it is made narrower', (_, cuts) => {
  test('the live line leaves no scraps, erases no result, and fits its width', async () => {
    const { code, notes } = await inTerminal(
      words,
      [
        ['wait', 'working'],
        ['pause', 0.1],
        ['rows'],
        ['resize', 30],
        ['pause', 0.3],
        ['rows'],
        ['wait', 'second result'],
        ['pause', 0.1],
        ['rows'],
        ['resize', 60],
        ['pause', 0.3],
        ['rows'],
        ['type', '\u0003'],
        ['wait', '\u001b[?25h'],
        ['rows'],
      ],
      { cuts },
    );
    expect(code).toBe(0);
    const results = ['the first result', 'the second result'];
    expect(notes.map(textOf)).toEqual([
      [results[0], lineIn(80)],
      [results[0], lineIn(30)],
      [...results, lineIn(30)],
      [...results, lineIn(60)],
      results,
    ]);
  });
});

test('with NO_COLOR the live line is drawn without colours', async () => {
  const steps = [['wait', 'second result'], ['type', '\u0003'], ['output']] as const;
  const [colourful = '', plain = ''] = await Promise.all(
    [{}, { NO_COLOR: '1' }].map(async (environment) => {
      const { code, notes } = await inTerminal(words, steps, { environment });
      expect(code).toBe(0);
      return String(notes[0]);
    }),
  );
  expect(colourful).toContain('\u001b[36m');
  expect(plain).toContain('\u001b[1G');
  expect(plain.split('\u001b').filter((rest) => /^\[[\d;]*m/.test(rest))).toEqual([]);
});

test.each([{ CI: '' }, { TERM: 'dumb' }])('with %j there is no live line and no escape', async (environment) => {
  const steps = [['wait', 'second result'], ['type', '\u0003'], ['output']] as const;
  const { code, notes } = await inTerminal(words, steps, { environment });
  expect([code, notes]).toEqual([0, ['the first result\r\nthe second result\r\n']]);
});

describe('as a job of a shell', () => {
  const shell = ['bash', '--norc', '--noprofile', '-i'];
  const call = `${process.execPath} --input-type=module -e "$PROGRAM"`;
  const environment = { PROGRAM, HISTFILE: '' };
  /** What ora writes after each drawing. */
  const DRAWN = '\u001b[?2026l';
  /** The escape that shows the cursor. */
  const SHOWN = '\u001b[?25h';

  test('stopped by Ctrl-Z it leaves a clean line and a cursor; after bg only results are printed; fg draws again', async () => {
    const { notes } = await inTerminal(
      shell,
      [
        ['type', `${call}\n`],
        ['wait', DRAWN],
        ['pause', 0.1],
        ['output'],
        ['type', '\u001a'],
        ['wait', 'Stopped'],
        ['pause', 0.2],
        ['output'],
        ['rows'],
        ['type', 'bg\n'],
        ['wait', 'second result'],
        ['pause', 0.4],
        ['output'],
        ['type', 'fg\n'],
        ['wait', DRAWN],
        ['pause', 0.1],
        ['rows'],
        ['output'],
        ['type', '\u0003'],
        ['wait', SHOWN],
        ['type', 'exit\n'],
      ],
      { environment },
    );
    const [, stopped, rowsThen, background, rows] = notes;
    expect(stopped).toContain(SHOWN);
    expect(textOf(rowsThen).join('\n')).not.toContain('working ');
    expect(background).toContain('the second result\r\n');
    expect(background).not.toContain('working ');
    expect(background).not.toContain(DRAWN);
    expect(textOf(rows).at(-1)).toBe(lineIn(80));
  });

  test('begun in the background, it prints results only; fg draws', async () => {
    const { notes } = await inTerminal(
      shell,
      [
        ['type', `${call} &\n`],
        ['wait', 'second result'],
        ['pause', 0.4],
        ['output'],
        ['type', 'fg\n'],
        ['wait', DRAWN],
        ['pause', 0.1],
        ['rows'],
        ['type', '\u0003'],
        ['wait', SHOWN],
        ['type', 'exit\n'],
      ],
      { environment },
    );
    const [background, rows] = notes;
    expect(background).toMatch(/the first result\r\n(?:.|\r|\n)*the second result\r\n/);
    expect(background).not.toContain(DRAWN);
    expect(textOf(rows).at(-1)).toBe(lineIn(80));
  });
});
