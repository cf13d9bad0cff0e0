/** Tests of `writeFileAtomically`: the whole file or none, and the errors of the system. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { TEMPORARY_FILE, temporaryPath, writeFileAtomically } from '../../src/checkpoint/atomic-file.ts';
import { bundle } from '../support/bundle.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

function subfolder(name: string): string {
  const path = join(root, name);
  mkdirSync(path);
  return path;
}

describe('writing a file atomically', () => {
  test('writes the pieces one after the other, and leaves no other file in the folder', async () => {
    const folder = subfolder('plain');
    await writeFileAtomically(join(folder, 'f'), [Buffer.from('ab'), Buffer.alloc(0), Buffer.from('c')], { size: 3 });
    expect(readFileSync(join(folder, 'f'), 'utf8')).toBe('abc');
    expect(readdirSync(folder)).toEqual(['f']);
  });

  test('replaces an existing file; the new one has the permissions of any new file', async () => {
    const folder = subfolder('replaced');
    const path = join(folder, 'f');
    writeFileSync(path, 'old');
    chmodSync(path, 0o600);
    await writeFileAtomically(path, [Buffer.from('new')], { size: 3 });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('replaces a symbolic link, and leaves its target unchanged', async () => {
    const folder = subfolder('link');
    const target = join(root, 'target');
    const path = join(folder, 'f');
    writeFileSync(target, 'precious');
    symlinkSync(target, path);
    await writeFileAtomically(path, [Buffer.from('new')], { size: 3 });
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test('leaves one of two whole files if two writes happen at once', async () => {
    const folder = subfolder('twice');
    const path = join(folder, 'f');
    const contents = ['a', 'b'].map((letter) => Buffer.alloc(1_000_000, letter));
    await Promise.all(contents.map((content) => writeFileAtomically(path, [content], { size: content.length })));
    const found = readFileSync(path);
    expect(contents.some((content) => content.equals(found))).toBe(true);
    expect(readdirSync(folder)).toEqual(['f']);
  });
});

test('a temporary path is beside its file and holds the id of the writing process', () => {
  const path = temporaryPath('runs/best.safetensors');
  expect(path.startsWith('runs/best.safetensors.')).toBe(true);
  expect(TEMPORARY_FILE.exec(path)?.groups).toEqual({ name: 'runs/best.safetensors', pid: String(process.pid) });
  expect(temporaryPath('f')).not.toBe(temporaryPath('f'));
});

describe('a file that cannot be written', () => {
  test('fails with exit code 5 if its folder does not exist', async () => {
    const path = join(root, 'nowhere', 'f');
    await expect(writeFileAtomically(path, [], { size: 0 })).rejects.toMatchObject({
      code: 5,
      message: `${path}: could not be written: ENOENT; check the folder and its disk`,
    });
  });

  test('fails with exit code 5 if a folder has its name, and leaves no temporary file', async () => {
    const folder = subfolder('taken');
    const path = join(folder, 'f');
    mkdirSync(path);
    await expect(writeFileAtomically(path, [], { size: 0 })).rejects.toMatchObject({
      code: 5,
      message: expect.stringMatching(/could not be written: (EISDIR|ENOTEMPTY|EEXIST); check the folder and its disk$/),
    });
    expect(readdirSync(folder)).toEqual(['f']);
  });

  test('fails with exit code 5 if the disk is full: the old file stays, and the message says how many bytes are needed', () => {
    const folder = subfolder('small');
    const path = join(folder, 'f');
    writeFileSync(path, 'old');
    expect(writeWithLimit(path)).toEqual({
      code: 5,
      message: `${path}: could not be written: no room (EFBIG): 1000000 bytes are needed; free some and run again`,
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['f']);
  });
});

/** Writes a megabyte in a process that may write 100 to 200 kB: its limit makes one write short and fails the next. */
function writeWithLimit(path: string): { code: number; message: string } {
  const script = `
    import { writeFileAtomically } from '${bundle('src/checkpoint/atomic-file.ts', root)}';
    const replacement = { size: 1_000_000 };
    writeFileAtomically(${JSON.stringify(path)}, [Buffer.alloc(1_000_000)], replacement).catch(({ code, message }) => {
      console.log(JSON.stringify({ code, message }));
    });`;
  const shell = 'ulimit -f 200 && exec "$0" --input-type=module --eval "$1"';
  return JSON.parse(execFileSync('sh', ['-c', shell, process.execPath, script], { encoding: 'utf8' }));
}
