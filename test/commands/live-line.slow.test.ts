/** Tests of the live line in terminals whose windows change, and in the background. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inTerminal } from '../support/terminal.ts';

const module = fileURLToPath(new URL('../../dist/src/commands/live-line.js', import.meta.url));

/** A program that shows a long live line, prints a result, and another once FILE exists. It goes on until Ctrl-C. */
const PROGRAM = `
  const { existsSync } = await import('node:fs');
  const { LiveLine } = await import(${JSON.stringify(module)});
  const live = await LiveLine.start('working '.repeat(20));
  live.print('the first result\\n');
  const timer = setInterval(() => {
    if (!existsSync(process.env.FILE)) return;
    live.print('the second result\\n');
    clearInterval(timer);
  }, 20);
  setTimeout(() => process.exit(1), 60_000);
  process.on('SIGINT', () => { live.stop(); process.exit(); });`;

const words = [process.execPath, '--input-type=module', '-e', PROGRAM];
const RESULTS = ['the first result', 'the second result'];
/** What ora writes after each drawing. */
const DRAWN = '\u001b[?2026l';
/** The answer to a new width: everything from the line's beginning on is erased. */
const ERASED = '\u001b[J';
/** The escape that shows the cursor. */
const SHOWN = '\u001b[?25h';

const root = temporaryFolder();
/** A path of no file, for the program's FILE. */
const newFile = () => join(mkdtempSync(join(root, 'second-')), 'file');

/** The live line as a window of so many columns shows it: the last one stays free. */
function lineIn(columns: number): string {
  return `* ${'working '.repeat(20)}`.slice(0, columns - 1).trimEnd();
}

describe.each([
  ['breaks long lines into rows', false],
  ['cuts long lines', true],
])('in a terminal that %s when it is made narrower', (_, cuts) => {
  test('the live line leaves no scraps, erases no result, and fits its width', async () => {
    const FILE = newFile();
    /** Narrower or wider; a scrap would be there by the third drawing. */
    const resized = (columns: number) =>
      [['resize', columns], ['wait', ERASED], ...Array.from({ length: 3 }, () => ['wait', DRAWN] as const)] as const;
    const { code, notes } = await inTerminal(
      words,
      [
        ['shows', ['the first result', lineIn(80)]],
        ...resized(30),
        ['shows', ['the first result', lineIn(30)]],
        ['touch', FILE],
        ['shows', [...RESULTS, lineIn(30)]],
        ...resized(60),
        ['shows', [...RESULTS, lineIn(60)]],
        ['type', '\u0003'],
        ['wait', SHOWN],
        ['shows', RESULTS],
      ],
      { cuts, environment: { FILE } },
    );
    expect(notes).toEqual([
      ['the first result', lineIn(80)],
      ['the first result', lineIn(30)],
      [...RESULTS, lineIn(30)],
      [...RESULTS, lineIn(60)],
      RESULTS,
    ]);
    expect(code).toBe(0);
  });
});

test('with NO_COLOR the live line is drawn without colours', async () => {
  const steps = [['wait', 'second result'], ['type', '\u0003'], ['output']] as const;
  const [colourful = '', plain = ''] = await Promise.all(
    [{}, { NO_COLOR: '1' }].map(async (colours) => {
      const FILE = newFile();
      const environment = { FILE, ...colours };
      const { code, notes } = await inTerminal(words, [['wait', DRAWN], ['touch', FILE], ...steps], { environment });
      expect([code, notes]).toEqual([0, [expect.stringContaining('the second result')]]);
      return String(notes[0]);
    }),
  );
  expect(colourful).toContain('\u001b[36m');
  expect(plain).toContain('\u001b[1G');
  expect(plain.split('\u001b').filter((rest) => /^\[[\d;]*m/.test(rest))).toEqual([]);
});

test.each([{ CI: '' }, { TERM: 'dumb' }])('with %j there is no live line and no escape', async (variable) => {
  const FILE = newFile();
  const { code, notes } = await inTerminal(
    words,
    [
      ['wait', 'first result\r\n'],
      ['pause', 0.3], // time for a drawing
      ['touch', FILE],
      ['wait', 'second result\r\n'],
      ['type', '\u0003'],
      ['output'],
    ],
    { environment: { FILE, ...variable } },
  );
  expect([code, notes]).toEqual([0, ['the first result\r\nthe second result\r\n']]);
});

describe('as a job of a shell', () => {
  const shell = ['bash', '--norc', '--noprofile', '-i'];
  const call = `${process.execPath} --input-type=module -e "$PROGRAM"`;
  test('stopped by Ctrl-Z it leaves a clean line and a cursor; after bg only results are printed; fg draws again', async () => {
    const FILE = newFile();
    const { notes } = await inTerminal(
      shell,
      [
        ['type', `${call}\n`],
        ['shows', ['the first result', lineIn(80)]],
        ['output'],
        ['type', '\u001a'],
        ['wait', 'Stopped'],
        ['pause', 0.2],
        ['output'],
        ['rows'],
        ['type', 'bg\n'],
        ['touch', FILE],
        ['wait', 'second result\r\n'],
        ['pause', 0.4],
        ['output'],
        ['type', 'fg\n'],
        ['wait', DRAWN],
        ['shows', [lineIn(80)]],
        ['type', '\u0003'],
        ['wait', SHOWN],
        ['type', 'exit\n'],
      ],
      { environment: { PROGRAM, HISTFILE: '', FILE } },
    );
    const [, , stopped, rowsThen, background, rows = []] = notes;
    expect(stopped).toContain(SHOWN);
    expect([rowsThen].flat().join('\n')).not.toContain('working ');
    expect(background).toContain('the second result\r\n');
    expect(background).not.toContain('working ');
    expect(background).not.toContain(DRAWN);
    expect(rows.at(-1)).toBe(lineIn(80));
  });

  test('begun in the background, it prints results only; fg draws', async () => {
    const FILE = newFile();
    const { notes } = await inTerminal(
      shell,
      [
        ['type', `${call} &\n`],
        ['wait', 'first result\r\n'],
        ['touch', FILE],
        ['wait', 'second result\r\n'],
        ['pause', 0.4],
        ['output'],
        ['type', 'fg\n'],
        ['wait', DRAWN],
        ['shows', [lineIn(80)]],
        ['type', '\u0003'],
        ['wait', SHOWN],
        ['type', 'exit\n'],
      ],
      { environment: { PROGRAM, HISTFILE: '', FILE } },
    );
    const [background, rows = []] = notes;
    expect(background).toMatch(/the first result\r\n(?:.|\r|\n)*the second result\r\n/);
    expect(background).not.toContain(DRAWN);
    expect(rows.at(-1)).toBe(lineIn(80));
  });
});
