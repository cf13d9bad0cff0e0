/** The log of a run, one event per line. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openEventLog } from '../../../src/run/folder/event-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();

function pathOf(name: string, text?: string): string {
  mkdirSync(join(root, name));
  const path = join(root, name, 'events.ndjson');
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

/** Opens a log, appends events if any are given, and returns the log's text. */
async function reopened(
  path: string,
  belongs?: (event: Readonly<Record<string, unknown>>) => boolean,
  event?: Record<string, unknown>,
): Promise<string> {
  const log = await openEventLog(path, belongs);
  if (event) log.append(event);
  log.sync();
  log.close();
  expect(readdirSync(join(path, '..'))).toEqual(['events.ndjson']);
  return readFileSync(path, 'utf8');
}

const upTo = (last: number) => (event: Readonly<Record<string, unknown>>) => !(Number(event.step) > last);

test('what is not seen in an event is an escape of JSON, and stands for the same text', async () => {
  const event = { event: 'saved', checkpoint: 'a\u202egnp' };
  const line = await reopened(pathOf('unseen'), undefined, event);
  expect(line).toBe(`${String.raw`{"event":"saved","checkpoint":"a\u202egnp"}`}\n`);
  expect(JSON.parse(line)).toEqual(event);
});

test('an event is one line of JSON, readable as soon as it is appended', async () => {
  const path = pathOf('new');
  const log = await openEventLog(path);
  expect(readFileSync(path, 'utf8')).toBe('');
  log.append({ event: 'step', loss: 0.5 });
  expect(readFileSync(path, 'utf8')).toBe('{"event":"step","loss":0.5}\n');
  log.append({ event: 'a\nb' });
  expect(readFileSync(path, 'utf8')).toBe('{"event":"step","loss":0.5}\n{"event":"a\\nb"}\n');
  log.close();
});

describe('the log of a resumed run', () => {
  test('keeps its events', async () => {
    const path = pathOf('kept', '{"step":1}\n');
    expect(await reopened(path, undefined, { step: 2 })).toBe('{"step":1}\n{"step":2}\n');
  });

  test('is cut from the first event that does not belong to it, whatever follows', async () => {
    const path = pathOf('cut', '{"step":1}\n{"step":2}\n{"step":3}\n{"step":1}\n');
    expect(await reopened(path, upTo(2), { step: 9 })).toBe('{"step":1}\n{"step":2}\n{"step":9}\n');
  });

  test('may lose all of its events', async () => {
    expect(await reopened(pathOf('emptied', '{"step":1}\n'), upTo(0))).toBe('');
  });

  test.each(['{"step":1}\n{"st', '{"step":1}\n{"step":2}'])('loses a last line that was cut: %j', async (text) => {
    const path = pathOf(`torn-${text.length}`, text);
    expect(await reopened(path, undefined, { step: 3 })).toBe('{"step":1}\n{"step":3}\n');
  });

  test('keeps lines that are not events, because another program wrote them', async () => {
    const foreign = '# a note\n\n[1]\nnull\n"step"\n{"step":1}\n';
    expect(await reopened(pathOf('foreign', foreign), upTo(1))).toBe(foreign);
  });

  test('is shown each event once, in their order', async () => {
    const seen: unknown[] = [];
    await reopened(pathOf('shown', '{"step":1}\nnull\n{"step":2,"more":{}}\n'), (event) => seen.push(event) > 0);
    expect(seen).toEqual([{ step: 1 }, { step: 2, more: {} }]);
  });
});

describe('opening a log', () => {
  test('refuses a symbolic link (exit 5), whose target stays as it was', async () => {
    const path = pathOf('link');
    const target = join(root, 'target');
    writeFileSync(target, '{"step":9}\n');
    symlinkSync(target, path);
    await expect(openEventLog(path, upTo(1))).rejects.toMatchObject({
      code: 5,
      message: `${path}: cannot be written to as a log (ELOOP); move it away`,
    });
    expect(readFileSync(target, 'utf8')).toBe('{"step":9}\n');
  });

  test('refuses a named pipe (exit 5), and does not wait for it', async () => {
    const path = pathOf('pipe');
    execFileSync('mkfifo', [path]);
    await expect(openEventLog(path)).rejects.toMatchObject({
      code: 5,
      message: `${path}: cannot be written to as a log (not a file); move it away`,
    });
  });

  test('refuses a folder (exit 5)', async () => {
    const path = pathOf('folder');
    mkdirSync(path);
    await expect(openEventLog(path)).rejects.toMatchObject({
      code: 5,
      message: `${path}: cannot be written to as a log (EISDIR); move it away`,
    });
  });
});
