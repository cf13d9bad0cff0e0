/** Moving an earlier run's files aside. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { RUN_NAMES } from '../../../src/run/folder/run-files.ts';
import { allOrNothing, moveFiles, setAside } from '../../../src/run/folder/set-aside.ts';
import { folderOfFiles, temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();

const folderWith = (name: string, files: readonly string[]) => folderOfFiles(join(root, name), files);

describe('setting an earlier run aside', () => {
  const now = new Date('2024-05-06T07:08:09.999Z');

  test('moves its files and its event files, and only these, into a folder named by the time', () => {
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
    const aside = setAside(folder, now, RUN_NAMES);
    expect(aside).toBe(join(folder, 'earlier', '2024-05-06T07-08-09'));
    expect(readdirSync(aside!).sort()).toEqual([...files, 'tensorboard']);
    expect(readdirSync(join(aside!, 'tensorboard'))).toEqual(['events']);
    expect(readFileSync(join(aside!, 'best.safetensors'), 'utf8')).toBe('best.safetensors');
    expect(readdirSync(folder).sort()).toEqual(['.gitkeep', 'earlier', 'notes.txt']);
  });

  test('moves only the named files, as far as they exist', () => {
    const folder = folderWith('named', ['best.safetensors', 'last.safetensors']);
    const aside = setAside(folder, now, ['last.safetensors', 'last.previous.safetensors']);
    expect(readdirSync(aside!)).toEqual(['last.safetensors']);
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
    expect(setAside(folder, now, ['last.safetensors'])).toBeUndefined();
  });

  test('done twice in one second keeps both runs', () => {
    const folder = folderWith('twice', []);
    for (const [run, name] of ['2024-05-06T07-08-09', '2024-05-06T07-08-09-2', '2024-05-06T07-08-09-3'].entries()) {
      writeFileSync(join(folder, 'last.safetensors'), `run ${run}`);
      const aside = setAside(folder, now, RUN_NAMES);
      expect(aside).toBe(join(folder, 'earlier', name));
      expect(readFileSync(join(aside!, 'last.safetensors'), 'utf8')).toBe(`run ${run}`);
    }
  });

  test('does nothing where there is no earlier run', () => {
    const folder = folderWith('fresh', ['.gitkeep']);
    expect(setAside(folder, now, RUN_NAMES)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['.gitkeep']);
  });

  test('fails where the files cannot be moved (exit 5)', () => {
    const folder = folderWith('blocked', ['best.safetensors', 'earlier']);
    expect(() => setAside(folder, now, RUN_NAMES)).toThrow(
      `${join(folder, 'earlier')}: an earlier run's files could not be moved aside (EEXIST); choose another --checkpoint-dir`,
    );
    expect(readFileSync(join(folder, 'best.safetensors'), 'utf8')).toBe('best.safetensors');
  });

  test('moves none of the files if one cannot be moved', () => {
    const folder = folderWith('half', ['best.safetensors', 'last.safetensors']);
    const names = ['last.safetensors', 'best.safetensors'];
    mkdirSync(join(folder, 'earlier'));
    // A folder under the new name of the second file: it is not replaced by a file.
    const taken = join(folder, 'earlier', '2024-05-06T07-08-09', 'best.safetensors', 'taken');
    mkdirSync(taken, { recursive: true });
    const target = dirname(dirname(taken));
    const move = () => allOrNothing(folder, (undo) => moveFiles(folder, target, { moved: names, kept: [] }, undo));
    expect(move).toThrow(/\(EISDIR\); choose another --checkpoint-dir/);
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier', 'last.safetensors']);
  });

  test('keeps a file in both places, where it stays when another replaces the first', () => {
    const folder = folderWith('kept', ['best.safetensors', 'last.safetensors']);
    const aside = setAside(folder, now, ['last.safetensors'], ['best.safetensors']);
    expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'earlier']);
    writeFileSync(join(folder, 'new'), 'new');
    renameSync(join(folder, 'new'), join(folder, 'best.safetensors'));
    expect(readFileSync(join(aside!, 'best.safetensors'), 'utf8')).toBe('best.safetensors');
  });
});
