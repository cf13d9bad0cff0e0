/** A run's folder: preparing it, and setting an earlier run aside. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  checkRoom,
  prepareRunFolder,
  removeStaleTemporaries,
  setAside,
  sizeOfRun,
} from '../../../src/run/folder/run-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();

function folderWith(name: string, files: readonly string[]): string {
  const path = join(root, name);
  mkdirSync(path);
  for (const file of files) writeFileSync(join(path, file), file);
  return path;
}

describe('preparing a run folder', () => {
  test('creates the folder and its parents', async () => {
    const folder = join(root, 'some', 'where');
    await prepareRunFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('removes temporary files of dead writers, and nothing else', async () => {
    const dead = spawnSync(process.execPath, ['--version']).pid;
    const kept = [
      '.gitkeep',
      'best.safetensors',
      `best.safetensors.${process.ppid}-00c0ffee.tmp`,
      `someone-elses.${dead}-00c0ffee.tmp`,
      'last.safetensors.tmp',
      `report.html.${dead}-00c0ffee.tmp`, // perhaps another container's, which writes its report without a lock
    ];
    const stale = [
      `best.safetensors.${dead}-00c0ffee.tmp`,
      `last.safetensors.${process.pid}-00c0ffee.tmp`,
      'last.safetensors.99999999999999999999-00c0ffee.tmp',
      `curves.png.${dead}-00c0ffee.tmp`,
      '.lock.0123456789abcdef',
    ];
    const folder = folderWith('used', [...kept, ...stale]);
    utimesSync(join(folder, `curves.png.${dead}-00c0ffee.tmp`), 1, Date.now() / 1000 - 61);
    await removeStaleTemporaries(folder);
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
  });

  test('refuses a disk without room for what the run saves beside the files that it replaces', async () => {
    const folder = folderWith('room', ['best.safetensors', 'last.safetensors', 'mine.txt']);
    expect(await sizeOfRun(folder)).toBe(32);
    await expect(checkRoom(folder, 2 ** 20, 0)).resolves.toBeUndefined();
    await expect(checkRoom(folder, 2 ** 60, 0)).rejects.toMatchObject({
      code: 5,
      message: expect.stringMatching(
        /room: no room for the checkpoints: .* 1099511627776 MiB, \d+ MiB more than is free/,
      ),
    });
    await expect(checkRoom(folder, 2 ** 60, 2 ** 60)).resolves.toBeUndefined();
  });

  const message = (folder: string, code: string) =>
    `${folder}: not a folder that can be written to (${code}); choose another with --checkpoint-dir`;

  test('refuses a path at which a file is (exit 5)', async () => {
    const file = join(folderWith('file', ['plain']), 'plain');
    for (const [folder, code] of [
      [file, 'EEXIST'],
      [join(file, 'below'), 'ENOTDIR'],
    ] as const) {
      await expect(prepareRunFolder(folder)).rejects.toMatchObject({ code: 5, message: message(folder, code) });
    }
  });

  // Even root, for whom mode bits mean nothing, cannot create a file here.
  (existsSync('/proc') ? test : test.skip)('refuses a folder in which no file can be created (exit 5)', async () => {
    await expect(prepareRunFolder('/proc')).rejects.toMatchObject({
      code: 5,
      message: expect.stringMatching(/^\/proc: not a folder that can be written to \(E[A-Z]+\)/),
    });
  });
});

describe('setting an earlier run aside', () => {
  const now = new Date('2024-05-06T07:08:09.999Z');

  test('moves its files and its event files, and only these, into a folder named by the time', async () => {
    const files = [
      'best.previous.safetensors',
      'best.safetensors',
      'config.json',
      'confusion.png',
      'curves.png',
      'events.ndjson',
      'last.previous.safetensors',
      'last.safetensors',
      'metrics.csv',
      'report.html',
    ];
    const folder = folderWith('full', ['.gitkeep', ...files, 'notes.txt']);
    mkdirSync(join(folder, 'tensorboard'));
    writeFileSync(join(folder, 'tensorboard', 'events'), '');
    const aside = await setAside(folder, now);
    expect(aside).toBe(join(folder, 'earlier', '2024-05-06T07-08-09'));
    expect(readdirSync(aside!).sort()).toEqual([...files, 'tensorboard']);
    expect(readdirSync(join(aside!, 'tensorboard'))).toEqual(['events']);
    expect(readFileSync(join(aside!, 'best.safetensors'), 'utf8')).toBe('best.safetensors');
    expect(readdirSync(folder).sort()).toEqual(['.gitkeep', 'earlier', 'notes.txt']);
  });

  test('moves only the named files, as far as they exist', async () => {
    const folder = folderWith('named', ['best.safetensors', 'last.safetensors']);
    const aside = await setAside(folder, now, ['last.safetensors', 'last.previous.safetensors']);
    expect(readdirSync(aside!)).toEqual(['last.safetensors']);
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
    expect(await setAside(folder, now, ['last.safetensors'])).toBeUndefined();
  });

  test('done twice in one second keeps both runs', async () => {
    const folder = folderWith('twice', []);
    for (const [run, name] of ['2024-05-06T07-08-09', '2024-05-06T07-08-09-2', '2024-05-06T07-08-09-3'].entries()) {
      writeFileSync(join(folder, 'last.safetensors'), `run ${run}`);
      const aside = await setAside(folder, now);
      expect(aside).toBe(join(folder, 'earlier', name));
      expect(readFileSync(join(aside!, 'last.safetensors'), 'utf8')).toBe(`run ${run}`);
    }
  });

  test('does nothing where there is no earlier run', async () => {
    const folder = folderWith('fresh', ['.gitkeep']);
    expect(await setAside(folder, now)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['.gitkeep']);
  });

  test('fails where the files cannot be moved (exit 5)', async () => {
    const folder = folderWith('blocked', ['best.safetensors', 'earlier']);
    await expect(setAside(folder, now)).rejects.toMatchObject({
      code: 5,
      message: `${join(folder, 'earlier')}: an earlier run's files could not be moved aside (EEXIST); choose another --checkpoint-dir`,
    });
    expect(readFileSync(join(folder, 'best.safetensors'), 'utf8')).toBe('best.safetensors');
  });
});
