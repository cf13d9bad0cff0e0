/** A folder that a run cannot write to is refused before training, and nothing of the user's is touched. */
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testFault } from './fault.ts';
import { readOnlyFolder } from './files.ts';
import { testRefusal } from './refusal.ts';
import { newFolder, trainIn } from './run-folder.ts';
import { noTensorFlow } from './small-run.ts';

const root = temporaryFolder();

describe('a run in', () => {
  const message = 'not a folder that can be written to';

  testRefusal(
    'a read-only folder',
    { code: 5, message: `${message} (${process.getuid?.() === 0 ? 'EROFS' : 'EACCES'})` },
    () => {
      const folder = newFolder(root);
      return trainIn(root, folder, (words) => readOnlyFolder.wrap(folder, words));
    },
    undefined,
    { skip: readOnlyFolder.impossible },
  );

  testRefusal('a file in place of the folder', { code: 5, message: `${message} (EEXIST)` }, () => {
    const file = join(newFolder(root), 'file');
    writeFileSync(file, 'precious');
    return trainIn(root, file);
  });

  testRefusal('a file in place of a folder above it', { code: 5, message: `${message} (ENOTDIR)` }, () => {
    const file = join(newFolder(root), 'file');
    writeFileSync(file, 'precious');
    return trainIn(root, join(file, 'below', 'it'));
  });

  testRefusal('a link that leads nowhere in place of the folder', { code: 5, message }, () => {
    const link = join(newFolder(root), 'link');
    symlinkSync('/nowhere', link);
    return trainIn(root, link);
  });
});

describe('a run in a folder with', () => {
  const skip = noTensorFlow;

  /** A folder with a trained model and something else in the place where it would be moved to. */
  function folderWithModel(obstacle: (path: string) => void): string {
    const folder = newFolder(root);
    writeFileSync(join(folder, 'best.safetensors'), 'precious');
    obstacle(join(folder, 'earlier'));
    return folder;
  }

  for (const [fault, obstacle] of [
    ['a file in place of earlier/', (path: string) => writeFileSync(path, 'precious')],
    ['a link that leads nowhere in place of earlier/', (path: string) => symlinkSync('/nowhere', path)],
  ] as const) {
    const folder = folderWithModel(obstacle);
    testRefusal(
      fault,
      { code: 5, message: "earlier: an earlier run's files could not be moved aside" },
      () => trainIn(root, folder),
      () => expect(readFileSync(join(folder, 'best.safetensors'), 'utf8')).toBe('precious'),
      { skip },
    );
  }

  testFault(
    'a link to another folder in place of earlier/',
    'exit 5 before training, and nothing is written there',
    async (see) => {
      const outside = newFolder(root);
      const folder = folderWithModel((path) => symlinkSync(outside, path));
      const { code, stderr } = await trainIn(root, folder);
      see(`exit ${code}: ${stderr} outside: ${readdirSync(outside).join(' ') || 'nothing'}`);
      expect([code, readdirSync(outside)]).toEqual([5, []]);
      expect(readFileSync(join(folder, 'best.safetensors'), 'utf8')).toBe('precious');
    },
    { skip },
  );
});
