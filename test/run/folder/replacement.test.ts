/** A new run's files that take the place of an earlier run's, and what a kill between leaves. */
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { earlierFolders, folderWithBest } from '../../../src/run/folder/earlier-folders.ts';
import { Replacement, recoverReplacement } from '../../../src/run/folder/replacement.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const root = temporaryFolder();
const now = new Date('2024-05-06T07:08:09.999Z');
const DATE = '2024-05-06T07-08-09';

const OLD = ['best.safetensors', 'last.safetensors', 'last.previous.safetensors', 'events.ndjson', 'report.html'];

/** A folder with an earlier run. */
function folderOfRun(): string {
  const folder = mkdtempSync(join(root, 'run-'));
  for (const name of OLD) writeFileSync(join(folder, name), `old ${name}`);
  mkdirSync(join(folder, 'tensorboard'));
  writeFileSync(join(folder, 'tensorboard', 'events'), 'old');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  return folder;
}

/** Begins a new run in a folder, which has saved these files. */
function newRun(folder: string, names: readonly string[]): Replacement {
  const replacement = Replacement.begin(folder, now);
  if (replacement === undefined) throw new Error('there is no earlier run');
  for (const name of names) writeFileSync(join(replacement.folder, name), `new ${name}`);
  return replacement;
}

/** Every file below a folder with its text. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

const EARLIER = Object.fromEntries([
  ...OLD.map((name) => [`earlier/${DATE}/${name}`, `old ${name}`]),
  [`earlier/${DATE}/tensorboard/events`, 'old'],
  ['notes.txt', 'mine'],
]);
const savedIn = (folder: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [join(folder, name), `new ${name}`]));
const saved = (names: readonly string[]) => savedIn('', names);

/** A user that owns no file here; only root can become another. */
const NOBODY = 65534;
const asRoot = process.geteuid?.() === 0 ? test : test.skip;

const FIRST_SAVE = ['events.ndjson', 'config.json', 'last.safetensors'];
const FIRST_BEST = [...FIRST_SAVE, 'best.safetensors'];

describe('a new run in the folder of an earlier one', () => {
  test('leaves all of its files where they are until it has saved', () => {
    const folder = folderOfRun();
    const before = contents(folder);
    const replacement = newRun(folder, ['events.ndjson']);
    expect(contents(folder)).toMatchObject(before);
    replacement.abandon();
    expect(contents(folder)).toEqual(before);
    expect(readdirSync(folder)).not.toContain('earlier');
  });

  test('that has no best yet keeps the earlier best under its name, and in earlier/ with its companions', () => {
    const folder = folderOfRun();
    newRun(folder, FIRST_SAVE).complete();
    expect(contents(folder)).toEqual({ ...EARLIER, ...saved(FIRST_SAVE), 'best.safetensors': 'old best.safetensors' });
    expect(folderWithBest(folder)).toBe(join(folder, 'earlier', DATE));
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('that has a best replaces them all', () => {
    const folder = folderOfRun();
    newRun(folder, FIRST_BEST).complete();
    expect(contents(folder)).toEqual({ ...EARLIER, ...saved(FIRST_BEST) });
    expect(folderWithBest(folder)).toBeUndefined();
  });

  test('before which another had no best leaves the best with the run that it belongs to', () => {
    const folder = folderOfRun();
    newRun(folder, FIRST_SAVE).complete();
    newRun(folder, FIRST_BEST).complete();
    const [second, first] = earlierFolders(folder);
    expect(second).toBe(`${first}-2`);
    expect(readdirSync(second!).sort()).toEqual([...FIRST_SAVE].sort());
    expect(readFileSync(join(first!, 'best.safetensors'), 'utf8')).toBe('old best.safetensors');
  });

  test('finds the earlier run of a best also in a copy of the folder', () => {
    const folder = folderOfRun();
    newRun(folder, FIRST_SAVE).complete();
    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true });
    expect(folderWithBest(copy)).toBeUndefined();
    expect(folderWithBest(copy, true)).toBe(join(copy, 'earlier', DATE));
  });

  test('puts all back if a file cannot be moved, and keeps what the new run has saved for the next attempt', () => {
    const folder = folderOfRun();
    const before = contents(folder);
    const replacement = newRun(folder, FIRST_BEST);
    // A folder does not replace a file: the change fails at its last file.
    const last = join(replacement.folder, 'last.safetensors');
    renameSync(last, join(folder, 'aside'));
    mkdirSync(last);
    expect(() => replacement.complete()).toThrow(
      `/.ready-${DATE}/last.safetensors: an earlier run's files could not be moved aside (ENOTDIR); the new run's are in ` +
        `${replacement.folder}: the next train here tries again, unless that folder is moved elsewhere`,
    );
    rmdirSync(last);
    renameSync(join(folder, 'aside'), last);
    replacement.abandon();
    expect(contents(folder)).toEqual({ ...before, ...savedIn(`.new-${DATE}`, FIRST_BEST) });
    expect(existsSync(join(folder, 'earlier'))).toBe(false);
    recoverReplacement(folder, () => {});
    expect(contents(folder)).toEqual({ ...EARLIER, ...saved(FIRST_BEST) });
  });

  asRoot('is refused at once in a sticky folder whose files are another user’s', () => {
    const folder = folderOfRun();
    chmodSync(root, 0o755);
    chmodSync(folder, 0o1777);
    process.seteuid!(NOBODY);
    try {
      expect(() => Replacement.begin(folder, now)).toThrow(
        `${join(folder, 'best.safetensors')}: an earlier run's files could not be moved aside (EPERM); choose another --checkpoint-dir`,
      );
    } finally {
      process.seteuid!(0);
    }
    expect(readdirSync(folder)).not.toContain(`.new-${DATE}`);
  });

  test('is none where the folder holds no run', () => {
    expect(Replacement.begin(mkdtempSync(join(root, 'empty-')), now)).toBeUndefined();
  });
});

describe('after a kill', () => {
  function recovered(folder: string): string[] {
    const notices: string[] = [];
    recoverReplacement(folder, (message) => notices.push(message));
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    return notices;
  }

  test('before the new run had saved, the earlier run is as it was', () => {
    const folder = folderOfRun();
    const before = contents(folder);
    newRun(folder, ['events.ndjson', 'best.safetensors']);
    expect(recovered(folder)).toEqual([
      `${folder}: a new run was killed before it had saved; the run before it is as it was`,
    ]);
    expect(contents(folder)).toEqual(before);
    expect(recovered(folder)).toEqual([]);
  });

  const message = (folder: string) =>
    `${folder}: a new run was killed when it had saved; it is in place now, and the run before it is in ${join(folder, 'earlier', DATE)}`;

  test('between two moves of the earlier run’s files, the change is completed', () => {
    const folder = folderOfRun();
    newRun(folder, FIRST_BEST);
    const aside = join(folder, 'earlier', DATE);
    mkdirSync(aside, { recursive: true });
    linkSync(join(folder, 'best.safetensors'), join(aside, 'best.safetensors'));
    renameSync(join(folder, 'events.ndjson'), join(aside, 'events.ndjson'));
    expect(recovered(folder)).toEqual([message(folder)]);
    expect(contents(folder)).toEqual({ ...EARLIER, ...saved(FIRST_BEST) });
  });

  test('between two moves of the new run’s files, the change is completed', () => {
    const folder = folderOfRun();
    newRun(folder, FIRST_BEST).complete();
    const ready = join(folder, `.ready-${DATE}`);
    mkdirSync(ready);
    renameSync(join(folder, 'last.safetensors'), join(ready, 'last.safetensors'));
    expect(recovered(folder)).toEqual([message(folder)]);
    expect(contents(folder)).toEqual({ ...EARLIER, ...saved(FIRST_BEST) });
  });
});
