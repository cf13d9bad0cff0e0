/** The room that earlier runs take, and the removal of the oldest. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ExitCode, UserError } from '../../src/errors.ts';
import { describeEarlier, removeEarlier } from '../../src/run/earlier-runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();
const DATES = ['2024-05-06T07-08-09', '2024-05-06T07-08-09-2', '2024-05-06T07-08-09-10', '2025-01-01T00-00-00'];

/** A run's folder with four earlier runs. */
function folderWithEarlier(): string {
  const folder = mkdtempSync(join(root, 'run-'));
  for (const date of DATES) {
    mkdirSync(join(folder, 'earlier', date, 'tensorboard'), { recursive: true });
    writeFileSync(join(folder, 'earlier', date, 'best.safetensors'), Buffer.alloc(2 ** 20));
    writeFileSync(join(folder, 'earlier', date, 'tensorboard', 'events.1.resnet'), '');
  }
  return folder;
}

/** The lock is held at all times. */
const held = () => {};

async function remove(folder: string, count: number) {
  const notices: string[] = [];
  await removeEarlier(folder, count, (message) => notices.push(message), held);
  return { notices, left: readdirSync(join(folder, 'earlier')).sort() };
}

test('the room that earlier runs take is said, with the flag that frees it', async () => {
  expect(await describeEarlier(folderWithEarlier())).toBe(
    'earlier/ holds 4 runs, 4 MiB (--keep-earlier N removes all but the newest N)',
  );
});

describe('removing earlier runs', () => {
  test('leaves the newest, by date and then by number, and says what is removed', async () => {
    const folder = folderWithEarlier();
    const { notices, left } = await remove(folder, 2);
    expect(left).toEqual(DATES.slice(2).sort());
    expect(notices).toEqual([`removed 2 runs from ${join(folder, 'earlier')}, 2 MiB: ${DATES[0]}, ${DATES[1]}`]);
    expect((await remove(folder, 2)).notices).toEqual([]);
  });

  test('leaves no folder where none is to stay', async () => {
    const folder = folderWithEarlier();
    await removeEarlier(folder, 0, () => {}, held);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('ends before the next folder when the run has lost its lock', async () => {
    const folder = folderWithEarlier();
    let asked = 0;
    const lostThen = () => {
      if (++asked === 2) throw new UserError('the lock was taken', ExitCode.locked);
    };
    await expect(removeEarlier(folder, 0, () => {}, lostThen)).rejects.toThrow('the lock was taken');
    expect(readdirSync(join(folder, 'earlier')).sort()).toEqual(DATES.slice(1).sort());
  });

  test('leaves folders that hold anything else, or have another name, and follows no link', async () => {
    const folder = folderWithEarlier();
    const outside = mkdtempSync(join(root, 'outside-'));
    writeFileSync(join(outside, 'best.safetensors'), 'precious');
    const at = (...names: string[]) => join(folder, 'earlier', ...names);
    writeFileSync(at(DATES[0]!, 'notes.txt'), 'mine');
    writeFileSync(at(DATES[1]!, 'tensorboard', 'events.other'), 'mine');
    symlinkSync(join(outside, 'best.safetensors'), at(DATES[2]!, 'last.safetensors'));
    symlinkSync(outside, at('2023-01-01T00-00-00'));
    mkdirSync(at('mine'));
    const { notices, left } = await remove(folder, 0);
    expect(left).toEqual([DATES[0], DATES[1], '2023-01-01T00-00-00', 'mine'].sort());
    expect(notices).toEqual([
      ...[DATES[0]!, DATES[1]!].map((date) => `${at(date)} was not removed: it holds other files than a run's`),
      expect.stringMatching(/^removed 2 runs from /),
    ]);
    expect(readFileSync(join(outside, 'best.safetensors'), 'utf8')).toBe('precious');
    expect(readdirSync(at(DATES[0]!)).sort()).toEqual(['best.safetensors', 'notes.txt', 'tensorboard']);
  });
});
