/** Preparing a run's folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkRoom, prepareRunFolder, removeStaleTemporaries, sizeOfRun } from '../../../src/run/folder/run-folder.ts';
import { folderOfFiles, temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();

const folderWith = (name: string, files: readonly string[]) => folderOfFiles(join(root, name), files);

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
    kept.push(`best.safetensors.${process.pid}-00c0ffee.tmp`); // this process may be exporting there
    const stale = [
      `best.safetensors.${dead}-00c0ffee.tmp`,
      `last.safetensors.${process.pid}-00c0ffee.tmp`, // of an earlier process that had this id
      'last.safetensors.99999999999999999999-00c0ffee.tmp',
      `curves.png.${dead}-00c0ffee.tmp`,
      '.lock.0123456789abcdef',
    ];
    const folder = folderWith('used', [...kept, ...stale]);
    for (const name of [`curves.png.${dead}`, `last.safetensors.${process.pid}`]) {
      utimesSync(join(folder, `${name}-00c0ffee.tmp`), 1, Date.now() / 1000 - 61);
    }
    await removeStaleTemporaries(folder);
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
  });

  test('counts no file as replaced that has a second name, as an earlier run’s best has', async () => {
    const folder = folderWith('linked', ['best.safetensors', 'last.safetensors']);
    linkSync(join(folder, 'best.safetensors'), join(folder, 'other'));
    expect(await sizeOfRun(folder)).toBe('last.safetensors'.length);
    expect(await sizeOfRun(folder, ['best.safetensors'])).toBe(0);
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
