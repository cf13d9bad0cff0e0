/** A report replaces an earlier report, but no other file that has the name of one of its files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { expectNoOtherFiles } from '../../src/commands/report-folder.ts';
import { GENERATOR } from '../../src/report/page/page.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const made = join(folder, name);
  mkdirSync(made);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(made, file), content);
  return made;
}

test('an empty folder, one with other files, and one with a report take a report', async () => {
  await expectNoOtherFiles(folderWith('empty', {}));
  await expectNoOtherFiles(folderWith('others', { 'index.html': 'of the user', 'notes.txt': '' }));
  await expectNoOtherFiles(folderWith('report', { 'report.html': `<head>${GENERATOR}`, 'curves.png': 'a picture' }));
});

test.each(['report.html', 'curves.png', 'confusion.png'])(
  'a folder with a %s of the user is refused (exit 5)',
  async (name) => {
    const made = folderWith(`of the user ${name}`, { [name]: 'of the user' });
    await expect(expectNoOtherFiles(made)).rejects.toMatchObject({
      code: 5,
      message:
        `the report is not written, because ${join(made, name)} exists and is no part of a report; ` +
        'give --overwrite to replace it, or another folder with --out',
    });
  },
);
